package dev.patchbay.example.irc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The channel against a server that we did not write. Needs {@code ngircd} (a Debian package), so it runs by its own command: {@code
 * mvn -pl examples/irc-channel -am test -Dtest=NgircdCheck -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Timeout(60)
class NgircdCheck {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private final RecordingHost host = new RecordingHost(new ManualClock(NOON));
    private final RecordingHost peerHost = new RecordingHost(new ManualClock(NOON));
    private @Nullable Process server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path conf = Files.writeString(folder.resolve("ngircd.conf"), """
            [Global]
              Name = irc.example.org
              Info = loopback
              Listen = 127.0.0.1
              Ports = %d
            [Options]
              DNS = no
              Ident = no
              PAM = no
            """.formatted(port));
        server = new ProcessBuilder("ngircd", "-n", "-f", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.destroy();
            assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void twoNicksTalkInAChannelAndInPrivate() throws Exception {
        // Given
        try (Channel bot = open("bot", host);
                Channel anna = open("anna", peerHost)) {
            Peer group = new Peer(Peer.Kind.GROUP, "#patchbay");
            // The bot first, so that it hears Anna come in.
            awaitJoined(bot, group);
            awaitJoined(anna, group);

            // When
            assertThat(anna.deliver(message("A1", group, "bot: Grüße, 你好 🦊"))).isInstanceOf(Delivered.class);
            assertThat(anna.deliver(message("A2", Peer.direct("bot"), "just you")))
                    .isInstanceOf(Delivered.class);
            assertThat(bot.deliver(message("B1", Peer.direct("nobody"), "hello")))
                    .isInstanceOf(Refused.class);

            // Then
            List<InboundMessage> heard = host.received().await(3);
            assertThat(heard).extracting(InboundMessage::text).containsSubsequence("Grüße, 你好 🦊", "just you");
            assertThat(heard).extracting(InboundMessage::addressed).doesNotContain(false);
        }
    }

    private Channel open(String nick, RecordingHost hub) throws IOException {
        Settings account =
                Settings.of(Map.of("host", "127.0.0.1", "port", port, "nick", nick, "join", List.of("#patchbay")));
        return new IrcPlugin().open(new ChannelSettings("irc", nick, account, Settings.EMPTY), hub);
    }

    /** Only who has joined may speak: the server's own word that it has happened. */
    private static void awaitJoined(Channel channel, Peer group) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (channel.deliver(message("J" + i, group, "bot: here I am")) instanceof Delivered) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("never joined");
    }

    private static OutboundMessage message(String id, Peer to, String text) {
        return OutboundMessage.of(id, to, text, NOON);
    }
}
