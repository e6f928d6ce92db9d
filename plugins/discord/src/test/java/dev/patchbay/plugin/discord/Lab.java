package dev.patchbay.plugin.discord;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Guild;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bot in a guild on a fake Discord, and the hub that it talks to. For one test. */
final class Lab implements AutoCloseable {
    static final String TOKEN = "token-of-patch";

    final FakeDiscord discord;
    final Bot bot;
    final User anna;
    final Guild guild;
    final dev.patchbay.fakes.discord.Channel general;
    final ManualClock clock = new ManualClock(Instant.now());
    final RecordingHost host = new RecordingHost(clock);
    private final List<Channel> opened = new ArrayList<>();

    Lab() {
        this(FakeDiscord.Settings.forTests());
    }

    Lab(FakeDiscord.Settings settings) {
        discord = FakeDiscord.start(settings);
        bot = discord.addBot(TOKEN, "patch");
        anna = discord.addUser("anna");
        guild = discord.addGuild("workshop");
        general = guild.addTextChannel("general");
        guild.addBot(bot);
        guild.addMember(anna);
    }

    ChannelSettings settings(Map<String, ?> more) {
        var values = new LinkedHashMap<String, Object>();
        values.put("token", TOKEN);
        values.put("api-url", discord.url());
        values.put("gateway-url", discord.gatewayUrl());
        values.putAll(more);
        return new ChannelSettings("discord", "default", Settings.of(values), Settings.EMPTY);
    }

    /** Opens the account and returns when it listens. */
    Channel running() throws InterruptedException {
        return running(Map.of());
    }

    Channel running(Map<String, ?> more) throws InterruptedException {
        long before = host.conditions().all().stream()
                .filter(Condition.RUNNING::equals)
                .count();
        Channel channel = open(more, host);
        awaitCondition(Condition.RUNNING, before + 1);
        return channel;
    }

    Channel open(Map<String, ?> more, ChannelHost to) {
        Channel channel = new DiscordPlugin().open(settings(more), to);
        opened.add(channel);
        return channel;
    }

    void awaitCondition(Condition condition, long count) throws InterruptedException {
        int wanted = 1;
        while (host.conditions().await(wanted).stream()
                        .filter(condition::equals)
                        .count()
                < count) {
            wanted = host.conditions().all().size() + 1;
        }
    }

    OutboundMessage to(dev.patchbay.fakes.discord.Channel channel, String id, String text) {
        return to(channel, null, id, text);
    }

    OutboundMessage to(dev.patchbay.fakes.discord.Channel channel, @Nullable String thread, String id, String text) {
        return new OutboundMessage(
                id,
                new Peer(Peer.Kind.CHANNEL, channel.id()),
                thread,
                text,
                1,
                1,
                null,
                null,
                List.of(),
                List.of(),
                null,
                clock.instant(),
                false);
    }

    @Override
    public void close() {
        opened.forEach(Channel::close);
        discord.close();
    }
}
