package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.TextLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pf4j.Extension;

/** Telegram bots as a channel. */
@Extension
public final class TelegramPlugin implements ChannelPlugin {
    private static final Pattern GROUP_IDS = Pattern.compile("-\\d+");

    @Override
    public String type() {
        return "telegram";
    }

    @Override
    public Optional<String> httpPath() {
        return Optional.of("telegram");
    }

    @Override
    public String accountSchema() {
        try (InputStream in = TelegramPlugin.class.getResourceAsStream("account-schema.json")) {
            if (in == null) {
                throw new IllegalStateException("account-schema.json is missing from the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public List<SettingProblem> check(ChannelSettings settings) {
        var problems = new ArrayList<SettingProblem>();
        TelegramSettings.read(settings, problems);
        return List.copyOf(problems);
    }

    @Override
    public boolean isConfigured(ChannelSettings settings) {
        return settings.account().text("token").isPresent();
    }

    @Override
    public Set<Capability> capabilities(ChannelSettings settings) {
        var all = EnumSet.allOf(Capability.class);
        if (settings.account().text("stream", "edit").equals("off")) {
            all.remove(Capability.DRAFTS);
        }
        return all;
    }

    @Override
    public TextLimit textLimit(ChannelSettings settings) {
        return new TextLimit(Texts.TEXT_MAX, TextLimit.Unit.UTF16);
    }

    /** Telegram's groups and channels have negative ids. */
    @Override
    public Optional<Pattern> groupIds() {
        return Optional.of(GROUP_IDS);
    }

    @Override
    public Pacing pacing(ChannelSettings settings) {
        return TelegramSettings.pacing(settings.account());
    }

    @Override
    public boolean meetsStrangers() {
        return true;
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) throws InterruptedException {
        var problems = new ArrayList<SettingProblem>();
        TelegramSettings wanted = TelegramSettings.read(settings, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream()
                    .map(problem -> problem.key() + ": " + problem.message() + "; " + problem.cure())
                    .collect(Collectors.joining("\n")));
        }
        return TelegramChannel.open(settings.accountId(), wanted, host);
    }
}
