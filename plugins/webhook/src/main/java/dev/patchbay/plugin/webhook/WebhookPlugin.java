package dev.patchbay.plugin.webhook;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pf4j.Extension;

/** Any service that can send and take an HTTP request, as a channel. */
@Extension
public final class WebhookPlugin implements ChannelPlugin {

    @Override
    public String type() {
        return "webhook";
    }

    @Override
    public Optional<String> httpPath() {
        return Optional.of("webhooks");
    }

    @Override
    public String accountSchema() {
        return resource("account-schema.json");
    }

    @Override
    public String channelSchema() {
        return resource("channel-schema.json");
    }

    @Override
    public List<SettingProblem> check(ChannelSettings settings) {
        var problems = new ArrayList<SettingProblem>();
        WebhookSettings.read(settings, problems);
        return List.copyOf(problems);
    }

    @Override
    public List<SettingProblem> checkShared(Settings shared) {
        var problems = new ArrayList<SettingProblem>();
        WebhookSettings.allowed(shared, problems);
        return List.copyOf(problems);
    }

    @Override
    public Set<Capability> capabilities(ChannelSettings settings) {
        return settings.account().text("callback.url").isPresent()
                ? Set.of(
                        Capability.SEND,
                        Capability.THREADS,
                        Capability.REPLIES,
                        Capability.ATTACHMENTS,
                        Capability.BUTTONS)
                : Set.of(Capability.THREADS);
    }

    @Override
    public TextLimit textLimit(ChannelSettings settings) {
        try {
            long max = settings.account().number("text-limit", Integer.MAX_VALUE, 16, Integer.MAX_VALUE);
            return new TextLimit((int) max, TextLimit.Unit.UTF16);
        } catch (IllegalArgumentException reportedByCheck) {
            return TextLimit.NONE;
        }
    }

    @Override
    public Channel open(ChannelSettings settings, ChannelHost host) {
        var problems = new ArrayList<>(checkShared(settings.shared()));
        WebhookSettings wanted = WebhookSettings.read(settings, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.stream()
                    .map(problem -> problem.key() + ": " + problem.message() + "; " + problem.cure())
                    .collect(Collectors.joining("\n")));
        }
        return WebhookChannel.open(settings.accountId(), wanted, host);
    }

    private static String resource(String name) {
        try (InputStream in = WebhookPlugin.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
