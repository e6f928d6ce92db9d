package dev.patchbay.plugin.discord;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Settings;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.testkit.ChannelContract;
import dev.patchbay.testkit.ChannelProbe;
import dev.patchbay.testkit.RecordingHost;
import dev.patchbay.testkit.TakesMessagesIn;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

class DiscordChannelTest extends ChannelContract implements TakesMessagesIn {
    private final FakeDiscord discord = FakeDiscord.start();
    private final Bot bot = discord.addBot("token-of-patch", "patch");
    private final User anna = discord.addUser("anna", "1001");
    private final User ben = discord.addUser("ben", "1002");
    private final DiscordProbe probe = new DiscordProbe(discord, bot, anna, ben);

    @Override
    protected Channel openChannel(ChannelHost to) throws Exception {
        var settings = new ChannelSettings(
                "discord",
                "default",
                Settings.of(
                        Map.of("token", bot.token(), "api-url", discord.url(), "gateway-url", discord.gatewayUrl())),
                Settings.EMPTY);
        Channel channel = new DiscordPlugin().open(settings, probe.acknowledging(to));
        while (!host.conditions().all().contains(ChannelHost.Condition.RUNNING)) {
            host.conditions().await(host.conditions().all().size() + 1);
        }
        return channel;
    }

    @AfterEach
    void closes() {
        probe.close();
        discord.close();
    }

    @Override
    protected ChannelProbe farSide() {
        return probe;
    }

    @Override
    public ChannelProbe.Speaking speakingSide() {
        return probe;
    }

    @Override
    public RecordingHost hub() {
        return host;
    }
}
