package dev.patchbay.plugin.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Button;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Message;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Response;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the hub sends, and what is on Discord afterwards. */
@Timeout(60)
class GoingOutTest {
    private static final String LONG_ID = "01JABCDEFGHJKMNPQRSTVWXYZ0";

    private final Lab lab = new Lab();
    private Channel channel;

    @BeforeEach
    void opens() throws Exception {
        channel = lab.running();
    }

    @AfterEach
    void closes() {
        lab.close();
    }

    @Test
    void anAnswerLostOnTheWayIsFoundAgainAndNotSentTwice() throws Exception {
        // Given
        lab.discord.faults().next(1, FakeDiscord.sends(), Fault.resetAfter());
        OutboundMessage message = lab.to(lab.general, LONG_ID, "once");

        // When
        DeliveryOutcome first = channel.deliver(message);
        lab.anna.says(lab.general, "this comes after it");
        lab.host.received().await(1);
        DeliveryOutcome asked = channel.reconcile(message);
        DeliveryOutcome second = channel.deliver(message);

        // Then
        assertThat(first).isInstanceOf(Unknown.class);
        assertThat(asked).isInstanceOf(Delivered.class).isEqualTo(second);
        assertThat(lab.general.messagesOf(lab.bot.user())).hasSize(1);
        assertThat(lab.general.messages().getFirst().nonce().orElseThrow()).hasSizeLessThanOrEqualTo(25);
    }

    @Test
    void afterARestartARepeatIsStillTheSameMessage() throws Exception {
        // Given
        OutboundMessage message = lab.to(lab.general, LONG_ID, "once");
        lab.discord.faults().next(1, FakeDiscord.sends(), Fault.resetAfter());
        channel.deliver(message);
        channel.close();
        Channel restarted = lab.running();

        // When
        DeliveryOutcome asked = restarted.reconcile(message);
        restarted.deliver(message);

        // Then
        assertThat(asked).isInstanceOf(RetryLater.class);
        assertThat(lab.general.messages()).hasSize(1);
        lab.clock.advance(Duration.ofMinutes(10));
        assertThat(restarted.reconcile(message)).isInstanceOf(Delivered.class);
    }

    @Test
    void whatNeverArrivedIsKnownNotToHave() throws Exception {
        // Given
        lab.discord.faults().next(1, FakeDiscord.sends(), Fault.resetBefore());
        OutboundMessage message = lab.to(lab.general, LONG_ID, "once");

        // When
        DeliveryOutcome first = channel.deliver(message);

        // Then
        assertThat(first).isInstanceOf(Unknown.class);
        assertThat(channel.reconcile(message)).isInstanceOf(RetryLater.class);
        assertThat(channel.deliver(message)).isInstanceOf(Delivered.class);
        assertThat(lab.general.messages()).hasSize(1);
    }

    @Test
    void halfAnAnswerIsNoAnswer() throws Exception {
        // Given
        lab.discord.faults().next(1, FakeDiscord.sends(), Fault.half());
        OutboundMessage message = lab.to(lab.general, LONG_ID, "once");

        // Then
        assertThat(channel.deliver(message)).isInstanceOf(Unknown.class);
        assertThat(channel.deliver(message)).isInstanceOf(Delivered.class);
        assertThat(lab.general.messages()).hasSize(1);
    }

    @Test
    void aProxyThatAnswersForDiscordIsTroubleOfTheMoment() throws Exception {
        // Given
        lab.discord.faults().next(1, FakeDiscord.sends(), Fault.badGateway());

        // Then
        assertThat(channel.deliver(lab.to(lab.general, "D1", "hello"))).isInstanceOf(RetryLater.class);
        assertThat(lab.general.messages()).isEmpty();
    }

    @Test
    void aLimitIsObeyedToTheMillisecondAndForWhomItCounts() throws Exception {
        // Given
        lab.discord.faults().next(1, FakeDiscord.sends(), limit("1.2345", false));
        lab.discord.faults().next(1, FakeDiscord.sends(), limit("30", true));

        // When
        var one = (Paced) channel.deliver(lab.to(lab.general, "D1", "hello"));
        var all = (Paced) channel.deliver(lab.to(lab.general, "D1", "hello"));

        // Then
        assertThat(one.pause()).isEqualTo(Duration.ofMillis(1_235));
        assertThat(one.scope()).isEqualTo(Paced.Scope.PEER);
        assertThat(all.pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(all.scope()).isEqualTo(Paced.Scope.ACCOUNT);
    }

    @Test
    void aLimitThatTheHeadersAnnounceIsNotRunInto() throws Exception {
        try (var strict = new Lab(FakeDiscord.Settings.forTests()
                .with(new dev.patchbay.fakes.discord.Limits(2, Duration.ofSeconds(1), 50, 50)))) {
            // Given
            Channel slow = strict.running();

            // When
            for (int i = 0; i < 6; i++) {
                assertThat(slow.deliver(strict.to(strict.general, "D" + i, "number " + i)))
                        .isInstanceOf(Delivered.class);
            }

            // Then
            assertThat(strict.discord.rateLimited()).isZero();
        }
    }

    @Test
    void discordsOwnWordsSayWhyAMessageIsRefused() throws Exception {
        // Given
        lab.general.permitSending(false);

        // When
        DeliveryOutcome outcome = channel.deliver(lab.to(lab.general, "D1", "hello"));

        // Then
        assertThat(outcome).isInstanceOf(Refused.class);
        assertThat(((Refused) outcome).reason()).contains("403").contains("50013");
    }

    @Test
    void somebodyWhoTakesNoDirectMessagesRefusesThem() throws Exception {
        // Given
        lab.anna.refuseDms();
        var message = OutboundMessage.of("D1", Peer.direct(lab.anna.id()), "hello", lab.clock.instant());

        // Then
        assertThat(channel.deliver(message)).isInstanceOf(Refused.class);
    }

    @Test
    void aThreadIsWrittenInAndNotItsParent() throws Exception {
        // Given
        var thread = lab.guild.addThread(lab.general, "details", lab.anna);

        // When
        channel.deliver(lab.to(lab.general, thread.id(), "D1", "inside"));

        // Then
        assertThat(thread.messages()).extracting(Message::content).containsExactly("inside");
        assertThat(lab.general.messages()).isEmpty();
    }

    @Test
    void aDraftGrowsAndTheAnswerTakesItsPlace() throws Exception {
        // Given
        Peer peer = new Peer(Peer.Kind.CHANNEL, lab.general.id());
        var draft = (Delivered) channel.draft(new Draft(peer, null, "I", null, null));
        channel.draft(new Draft(peer, null, "I think", null, draft.remoteId()));

        // When
        DeliveryOutcome outcome = channel.deliver(full("I think, so I am.", draft.remoteId()));

        // Then
        assertThat(outcome).isEqualTo(draft);
        assertThat(lab.general.messages()).extracting(Message::content).containsExactly("I think, so I am.");
        assertThat(lab.general.messages().getFirst().edits()).isEqualTo(2);
    }

    @Test
    void aDraftThatSomebodyDeletedIsReplacedByANewMessage() throws Exception {
        // When
        DeliveryOutcome outcome = channel.deliver(full("all of it", "99"));

        // Then
        assertThat(outcome).isInstanceOf(Delivered.class);
        assertThat(lab.general.messages()).extracting(Message::content).containsExactly("all of it");
    }

    @Test
    void filesAndButtonsGoWithTheMessageAndAButtonSpeaks() throws Exception {
        // Given
        var file = lab.host
                .attachments()
                .keep(new ByteArrayInputStream("words".getBytes(StandardCharsets.UTF_8)), "text/plain", "words.txt");
        var message = new OutboundMessage(
                "D1",
                new Peer(Peer.Kind.CHANNEL, lab.general.id()),
                null,
                "choose",
                1,
                1,
                null,
                null,
                List.of(file),
                List.of(new Button("Yes", "yes"), new Button("Of course", "yes")),
                null,
                lab.clock.instant(),
                false);

        // When
        assertThat(channel.deliver(message)).isInstanceOf(Delivered.class);
        Message sent = lab.general.messages().getFirst();
        var press = lab.anna.presses(sent, "pb:1:yes");

        // Then
        assertThat(sent.attachments()).hasSize(1);
        assertThat(sent.attachments().getFirst().content().text()).isEqualTo("words");
        assertThat(lab.host.received().await(1))
                .extracting(InboundMessage::text)
                .containsExactly("yes");
        assertThat(lab.discord.await(
                        Duration.ofSeconds(3 + 10), () -> press.callback().isPresent()))
                .isTrue();
    }

    @Test
    void nobodyIsPingedByWhatAnAgentWrites() throws Exception {
        // Given
        var said = lab.anna.says(lab.general, "hello");

        // When
        channel.deliver(new OutboundMessage(
                "D1",
                new Peer(Peer.Kind.CHANNEL, lab.general.id()),
                null,
                "@everyone " + lab.anna.mention(),
                1,
                1,
                said.id() + ":e1",
                null,
                List.of(),
                List.of(),
                null,
                lab.clock.instant(),
                false));

        // Then
        Message sent = lab.general.messages().getLast();
        assertThat(sent.replyTo()).contains(said.id());
        assertThat(sent.said().pingsReplied()).isTrue();
    }

    @Test
    void typingIsShown() throws Exception {
        // When
        channel.typing(new Peer(Peer.Kind.CHANNEL, lab.general.id()), null);

        // Then
        assertThat(lab.general.typings()).isEqualTo(1);
    }

    private OutboundMessage full(String text, @Nullable String draftId) {
        return new OutboundMessage(
                "D1",
                new Peer(Peer.Kind.CHANNEL, lab.general.id()),
                null,
                text,
                1,
                1,
                null,
                null,
                List.of(),
                List.of(),
                draftId,
                lab.clock.instant(),
                false);
    }

    private static Fault limit(String seconds, boolean global) {
        return Fault.answer(Response.json(
                429,
                "{\"message\": \"You are being rate limited.\", \"retry_after\": " + seconds + ", \"global\": " + global
                        + "}"));
    }
}
