package dev.patchbay.example.irc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.testkit.ChannelContract;
import dev.patchbay.testkit.ChannelProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IrcChannelTest extends ChannelContract {
    private final IrcServer server;

    IrcChannelTest() throws IOException {
        server = new IrcServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Override
    protected Channel openChannel(ChannelHost hub) {
        Settings account = Settings.of(Map.of(
                "host", "127.0.0.1", "port", server.port(), "nick", "bot", "join", List.of("#patchbay", "#second")));
        return new IrcPlugin().open(new ChannelSettings("irc", "default", account, Settings.EMPTY), hub);
    }

    @Override
    protected ChannelProbe farSide() {
        return server;
    }

    @Test
    void whatIsSaidToTheNickComesFromAPeerAndInAChannelFromAGroup() throws Exception {
        // Given
        server.awaitLine("JOIN #second");

        // When
        server.write(":Anna!anna@host PRIVMSG bot :hello there");
        server.write(":Anna!anna@host PRIVMSG #Patchbay :Bot: and you?");
        server.write(":Anna!anna@host PRIVMSG #patchbay :not for the robot");

        // Then
        List<InboundMessage> messages = host.received().await(3);
        assertThat(messages)
                .extracting(InboundMessage::peer)
                .containsExactly(
                        Peer.direct("anna"),
                        new Peer(Peer.Kind.GROUP, "#patchbay"),
                        new Peer(Peer.Kind.GROUP, "#patchbay"));
        assertThat(messages)
                .extracting(InboundMessage::text)
                .containsExactly("hello there", "and you?", "not for the robot");
        assertThat(messages).extracting(InboundMessage::addressed).containsExactly(true, true, false);
    }

    @Test
    void aBrokenConnectionComesBackByItself() throws Exception {
        // Given
        server.awaitLine("JOIN #second");

        // When
        server.hangUp();
        server.awaitLine("JOIN #second");

        // Then
        assertThat(host.conditions().all())
                .containsSubsequence(Condition.RUNNING, Condition.DEGRADED, Condition.RUNNING);
        assertThat(channel().deliver(message("anna", "back"))).isInstanceOf(Delivered.class);
    }

    @Test
    void aTakenNickGetsATail() throws Exception {
        // Given
        server.awaitLine("JOIN #second");
        server.takeNick("bot");

        // When
        server.hangUp();

        // Then
        server.awaitLine("NICK bot_");
        server.awaitLine("JOIN #second");
    }

    @Test
    void aServerThatLetsNobodyInIsNotAskedAgain() throws Exception {
        // Given
        server.awaitLine("JOIN #second");

        // When
        server.write(":irc 464 bot :Password incorrect");

        // Then
        assertThat(host.conditions().await(3)).endsWith(Condition.FAILED);
    }

    @Test
    void whatTheHubCannotStoreNowIsHandedInAgain() throws Exception {
        // Given
        server.awaitLine("JOIN #second");
        host.refuseNext(NotAccepted.Reason.NOT_STORED, Duration.ofMillis(1));

        // When
        server.write(":anna!a@h PRIVMSG bot :hello");

        // Then
        assertThat(host.stored().await(1)).extracting(InboundMessage::text).containsExactly("hello");
    }

    @Test
    void aTargetThatWouldBeginAnotherCommandIsRefused() throws Exception {
        server.awaitLine("JOIN #second");

        assertThat(channel().deliver(message("anna\r\nQUIT", "x"))).isInstanceOf(Refused.class);
        assertThat(channel().deliver(message("anna,ben", "x"))).isInstanceOf(Refused.class);
    }

    @Test
    void linesOfEveryShapeAreRead() {
        assertThat(IrcLine.parse("@id=7 :a!b@c PRIVMSG  #x :two words"))
                .isEqualTo(new IrcLine("a", "PRIVMSG", List.of("#x", "two words")));
        assertThat(IrcLine.parse("ping :x")).isEqualTo(new IrcLine("", "PING", List.of("x")));
        assertThat(List.of("", ":", ": ", ":only", "@", "   "))
                .allSatisfy(line -> assertThat(IrcLine.parse(line).command()).isEmpty());
    }

    private OutboundMessage message(String to, String text) {
        return OutboundMessage.of("D7", Peer.direct(to), text, clock.instant());
    }
}
