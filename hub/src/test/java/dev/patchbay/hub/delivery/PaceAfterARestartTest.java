package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.StoredNote;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of the pace when the hub comes back. */
class PaceAfterARestartTest extends PaceFixture {
    @Test
    void pausesHoldAcrossARestartForWhatIsQueuedLater() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(100), Paced.Scope.PEER));
        channel.willAnswer("other/cleo", new Paced("429", Duration.ofSeconds(50), Paced.Scope.ACCOUNT));
        send("anna", 1);
        queue("telegram/other", "cleo", null, "m", false);
        deliveries.discard(DeliveryFilter.ALL);
        world.advance(Duration.ofSeconds(10));

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        send("anna", 1);
        queue("telegram/other", "dora", null, "m", false);
        world.advance(Duration.ofSeconds(39));
        int doraInTime = channel.texts("dora").size();
        world.advance(Duration.ofSeconds(2));
        int doraAfter = channel.texts("dora").size();
        world.advance(Duration.ofSeconds(48));
        int annaInTime = channel.texts("anna").size();
        world.advance(Duration.ofSeconds(2));

        // Then
        assertThat(doraInTime).isZero();
        assertThat(doraAfter).isEqualTo(1);
        assertThat(annaInTime).isEqualTo(1);
        assertThat(channel.texts("anna")).hasSize(2);
    }

    @Test
    void whatWasLearntIsRememberedOverARestart() throws Exception {
        // Given
        var told = new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER);
        channel.willAnswer("anna", told, told, told);
        send("anna", 1);
        world.advance(Duration.ofSeconds(6));
        channel.sent.clear();

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        send("anna", 3);
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(gaps("anna")).hasSize(2).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_850), millis(1_960)));
    }

    @Test
    void whatWasSentBeforeARestartStillCounts() throws Exception {
        // Given
        for (int i = 0; i < 25; i++) {
            queue("telegram", "group:g", null, "m", false);
        }
        world.advance(Duration.ofSeconds(30));

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        world.advance(Duration.ofSeconds(30));
        int inTheFirstMinute = channel.sent.size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(inTheFirstMinute).isEqualTo(20);
        assertThat(channel.sent).hasSize(25);
    }

    @Test
    void whatWasCutOffByAKillStillCounts() throws Exception {
        // Given
        for (int i = 0; i < 20; i++) {
            Prepared prepared = deliveries.prepare(outbound("telegram", "group:g", "thread " + i, "m", false));
            store.enqueue(prepared.row(), Optional.empty());
            store.attemptStarted(
                    prepared.row().deliveryId(), 1, false, world.clock().instant());
        }

        // When
        deliveries = restarted();
        world.advance(Duration.ofSeconds(59));
        int inTheFirstMinute = channel.sent.size();
        world.advance(Duration.ofSeconds(2));

        // Then
        assertThat(inTheFirstMinute).isZero();
        assertThat(channel.sent).hasSize(20);
    }

    @Test
    void aNoteThatNobodyUnderstandsIsLeftOut() throws Exception {
        // Given
        deliveries.drain(Duration.ofSeconds(1));
        store.keep(new StoredNote(SCOPE, "account", "until tomorrow"));

        // When
        deliveries = restarted();
        send("anna", 1);

        // Then
        assertThat(channel.texts("anna")).hasSize(1);
    }
}
