package dev.patchbay.plugin.discord;

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
import java.util.Set;
import java.util.stream.Collectors;
import org.pf4j.Extension;

/** Discord bots as a channel. */
@Extension
public final class DiscordPlugin implements ChannelPlugin {

    /** "up to 2000 characters", counted in code points; UTF-16 units are never fewer, so this never sends too much. */
    private static final TextLimit LIMIT = new TextLimit(2_000, TextLimit.Unit.UTF16);

    @Override
    public String type() {
        return "discord";
    }

    @Override
    public String accountSchema() {
        try (InputStream in = DiscordPlugin.class.getResourceAsStream("account-schema.json")) {
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
        DiscordSettings.read(settings.account(), problems);
        return List.copyOf(problems);
    }

    @Override
    public boolean isConfigured(ChannelSettings settings) {
        return settings.account().text("token").isPresent();
    }

    @Override
    public Set<Capability> capabilities(ChannelSettings settings) {
        var capabilities = EnumSet.allOf(Capability.class);
        if (!read(settings).streams()) {
            capabilities.remove(Capability.DRAFTS);
        }
        return Set.copyOf(capabilities);
    }

    @Override
    public TextLimit textLimit(ChannelSettings settings) {
        return LIMIT;
    }

    @Override
    public Pacing pacing(ChannelSettings settings) {
        return read(settings).pacing();
    }

    @Override
    public boolean meetsStrangers() {
        return true;
    }

    /** Returns at once; the account connects in the background and reports how it goes. */
    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) {
        var problems = new ArrayList<SettingProblem>();
        DiscordSettings wanted = DiscordSettings.read(settings.account(), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream()
                    .map(problem -> problem.key() + ": " + problem.message() + "; " + problem.cure())
                    .collect(Collectors.joining("\n")));
        }
        return DiscordChannel.open(settings.accountId(), wanted, host);
    }

    /** What is wrong is reported by {@link #check} and {@link #open}. */
    private static DiscordSettings read(ChannelSettings settings) {
        return DiscordSettings.read(settings.account(), new ArrayList<>());
    }
}
