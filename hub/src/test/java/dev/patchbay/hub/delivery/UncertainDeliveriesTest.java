package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.TroubledDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Messages of which nobody can say whether they have arrived, or were stored. */
class UncertainDeliveriesTest extends DeliveryFixture {
    @Test
    void aRepeatThatDidNotArriveIsStillARepeatTheNextTime() throws Exception {
        // Given
        channel.willAnswer(
                "anna", new Unknown("reset"), new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER), FAILURE);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(false, true, true, true);
        assertThat(only().ref().possiblyRepeated()).isTrue();
    }

    @Test
    void whatWasQueuedThoughTheStoreDeniedItGoesOutOnceWhenItIsQueuedAgain() throws Exception {
        // Given
        var disk = new TroubledDisk();
        store.close();
        store = new MemoryStore(world.clock(), disk);
        deliveries = restarted();
        disk.willDeny("enqueue");
        var key = new DedupKey("k", "", world.clock().instant().plus(Duration.ofDays(1)));
        Outbound message = Outbound.text("webhook", "default", Peer.direct("anna"), null, "hello", Optional.empty());
        assertThatThrownBy(() -> deliveries.send(message, Optional.of(key))).isInstanceOf(StoreException.class);

        // When
        deliveries.send(message, Optional.of(key));
        deliveries.send(message, Optional.of(key));
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(channel.texts("anna")).containsExactly("hello");
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void anOutcomeThatCouldNotBeStoredIsStoredBeforeTheHubStops() throws Exception {
        // Given
        var disk = new TroubledDisk();
        store.close();
        store = new MemoryStore(world.clock(), disk);
        deliveries = restarted();
        disk.willRefuse("attemptEnded");
        send("anna", "hello");

        // When
        boolean atRest = deliveries.drain(Duration.ofSeconds(20));

        // Then
        assertThat(atRest).isTrue();
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void anUnknownFateThatNobodyCanSettleIsSentAgainAndMarked() throws Exception {
        // Given
        channel.willAnswer("anna", new Unknown("reset"));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(false, true);
        assertThat(channel.asked()).isEqualTo(1);
        assertThat(only().ref().possiblyRepeated()).isTrue();
        assertThat(only().ref().attempts()).isEqualTo(2);
    }

    @Test
    void anUnknownFateThatThePlatformSettlesIsNotSentAgain() throws Exception {
        // Given
        channel.willAnswer("anna", new Unknown("reset"));
        channel.willReconcile(new Delivered("there"));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken()).hasSize(1);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().remoteIds()).containsExactly("there");
        assertThat(only().ref().possiblyRepeated()).isFalse();
    }

    @Test
    void aMessageThatCertainlyDidNotArriveIsSentAgainWithoutAMark() throws Exception {
        // Given
        channel.willAnswer("anna", new Unknown("reset"));
        channel.willReconcile(new RetryLater("not there", Duration.ZERO));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(5));

        // Then
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(false, false);
        assertThat(only().ref().possiblyRepeated()).isFalse();
    }

    @Test
    void whatWasBeingSentWhenTheHubDiedIsMarkedAndNothingElseIs() throws Exception {
        // Given
        open = null;
        send("anna", "1");
        send("anna", "2");
        store.attemptStarted(id("1"), 1, false, world.clock().instant());
        open = channel;

        // When
        deliveries = restarted();
        world.settle();

        // Then
        assertThat(channel.texts("anna")).containsExactly("1", "2");
        assertThat(channel.taken())
                .extracting(OutboundMessage::possiblyRepeated)
                .containsExactly(true, false);
        assertThat(find("1").ref().attempts()).isEqualTo(2);
    }

    @Test
    void aRepeatIsMarkedBeforeThePeerCanSeeIt() throws Exception {
        // Given
        open = null;
        send("anna", "hello");
        store.attemptStarted(id("hello"), 1, false, world.clock().instant());
        var marked = new ArrayList<Boolean>();
        open = new Channel() {
            @Override
            public DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException {
                marked.add(store.openDeliveries(0, 1).getFirst().possiblyRepeated());
                return new Delivered("there");
            }

            @Override
            public void close() {}
        };

        // When
        deliveries = restarted();
        world.settle();

        // Then
        assertThat(marked).containsExactly(true);
        assertThat(only().ref().possiblyRepeated()).isTrue();
    }
}
