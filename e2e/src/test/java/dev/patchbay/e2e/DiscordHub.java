package dev.patchbay.e2e;

import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.Channel;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What scenarios with Discord share: configuration, waiting, and what people see. */
final class DiscordHub {
    static final Duration SOON = Duration.ofSeconds(30);

    private DiscordHub() {}

    /** Starts a hub whose accounts are these lines, {@code %1$s} standing for where Discord is, and waits for so many that run. */
    static HubProcess start(Path folder, FakeDiscord discord, int running, String accounts, String more)
            throws Exception {
        String where = "api-url: \"%s\", gateway-url: \"%s\"".formatted(discord.url(), discord.gatewayUrl());
        HubProcess hub = HubProcess.start(
                folder, """
                    hub: { data-dir: ./data }
                    server: { port: 0 }
                    plugins: { dir: ./plugins-installed }
                    agents: { main: { type: echo } }
                    channels:
                      discord:
                        accounts:
                    %s
                    %s
                    """.formatted(accounts.replace("%1$s", where).indent(6), more));
        try {
            hub.awaitRunning("discord", running);
            return hub;
        } catch (Exception | Error late) {
            System.out.println(hub.log());
            hub.close();
            throw late;
        }
    }

    /** What this bot has said there, oldest first. */
    static List<String> said(Channel channel, Bot bot) {
        return channel.messagesOf(bot.user()).stream().map(Message::content).toList();
    }

    /** Waits until the bot has said so much there; answers all of it. */
    static List<String> await(FakeDiscord discord, Channel channel, Bot bot, int count) throws InterruptedException {
        if (!discord.await(SOON, () -> said(channel, bot).size() >= count)) {
            throw new AssertionError("waited for " + count + " in " + channel + ", got " + said(channel, bot));
        }
        return said(channel, bot);
    }
}
