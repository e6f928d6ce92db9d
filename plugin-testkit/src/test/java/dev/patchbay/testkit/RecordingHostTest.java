package dev.patchbay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Answer;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Receipt;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecordingHostTest {
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final RecordingHost host = new RecordingHost(clock);

    @Test
    void aRepeatGetsTheReceiptOfTheFirst() throws Exception {
        assertThat(host.receive(message("a"))).isEqualTo(new Receipt("M1", false));
        assertThat(host.receive(message("b"))).isEqualTo(new Receipt("M2", false));
        assertThat(host.receive(message("a"))).isEqualTo(new Receipt("M1", true));
        assertThat(host.stored().all()).hasSize(2);
        assertThat(host.received().all()).hasSize(3);
    }

    @Test
    void aRefusalCountsForOneMessage() throws Exception {
        // Given
        host.refuseNext(NotAccepted.Reason.FULL, Duration.ofSeconds(3));

        // Then
        assertThatThrownBy(() -> host.receive(message("a"))).isInstanceOf(NotAccepted.class);
        assertThat(host.receive(message("a")).duplicate()).isFalse();
    }

    @Test
    void whatIsHeldIsNotStoredUntilItIsReleased() throws Exception {
        // Given
        host.hold();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                host.receive(message("a"));
            } catch (NotAccepted | InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
        });

        // When
        host.received().await(1);

        // Then
        assertThat(host.stored().all()).isEmpty();
        host.release();
        assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
        assertThat(host.stored().all()).hasSize(1);
    }

    @Test
    void answersAndTerminalsAreAsTheTestSays() throws Exception {
        // Given
        host.answerWith(Answer.Status.ANSWERED, "hello");
        var outbound = OutboundMessage.of("D1", Peer.direct("anna"), "hi", clock.instant());

        // Then
        assertThat(host.receiveAndWait(message("a"), Duration.ofSeconds(1)).text())
                .isEqualTo("hello");
        assertThat(host.present(outbound)).isFalse();
        host.attachTerminal(true);
        assertThat(host.present(outbound)).isTrue();
        assertThat(host.presented().all()).containsExactly(outbound);
    }

    private static InboundMessage message(String id) {
        return InboundMessage.from(Peer.direct("anna"), "hello").remoteId(id).build();
    }
}
