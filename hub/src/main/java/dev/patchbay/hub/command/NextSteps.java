package dev.patchbay.hub.command;

import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody who has just started a hub can do with it. */
final class NextSteps {
    private static final List<String> NEED_A_TOKEN = List.of("telegram", "discord");

    private NextSteps() {}

    /** At most three lines; none once a messenger is connected: its owner knows. */
    static List<String> of(URI url, HubConfig config, CommandContext context) {
        if (NEED_A_TOKEN.stream().anyMatch(channel -> isSetUp(config, channel))) {
            return List.of();
        }
        var steps = new ArrayList<String>();
        if (!accounts(config, "cli").isEmpty()) {
            steps.add("  Talk to it:    " + context.commandLine("chat"));
        }
        openWebhook(config)
                .ifPresent(account -> steps.add("  Send a hook:   curl " + url + "webhooks/" + account
                        + " -H 'Content-Type: application/json' -d '{\"text\": \"hello\"}'"));
        steps.add(
                NEED_A_TOKEN.stream().anyMatch(config.channels()::containsKey)
                        ? "  Messengers:    set TELEGRAM_BOT_TOKEN or DISCORD_BOT_TOKEN and start again"
                        : "  Make it yours: edit " + ConfigLoader.DEFAULT_FILE + ", then "
                                + context.commandLine("check"));
        return List.copyOf(steps);
    }

    private static boolean isSetUp(HubConfig config, String channel) {
        return accounts(config, channel).values().stream()
                .anyMatch(account -> account.text("token").isPresent());
    }

    private static Optional<String> openWebhook(HubConfig config) {
        return accounts(config, "webhook").entrySet().stream()
                .filter(account -> isOpen(account.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** None if the channel is switched off. */
    private static Map<String, Settings> accounts(HubConfig config, String channel) {
        ChannelConfig known = config.channels().get(channel);
        return known == null || !known.enabled() ? Map.of() : known.accounts();
    }

    private static boolean isOpen(Settings account) {
        return account.text("verify", "none").equals("none");
    }
}
