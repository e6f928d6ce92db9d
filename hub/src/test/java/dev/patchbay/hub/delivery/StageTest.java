package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.Draft;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageTest {
    @TempDir
    Path folder;

    private final TestWorld world = new TestWorld();
    private final LaneBook book = new LaneBook(10);
    private final List<Draft> shown = new ArrayList<>();

    private final Channel channel = new Channel() {
        @Override
        public DeliveryOutcome deliver(OutboundMessage message) {
            throw new AssertionError("drafts only");
        }

        @Override
        public DeliveryOutcome draft(Draft draft) {
            shown.add(draft);
            return new Delivered("r1");
        }

        @Override
        public void close() {}
    };

    @Test
    void noDraftIsShownInAPauseThatWasAskedForAfterItsLaneWasTaken() throws Exception {
        // Given a lane taken for a draft, and one that a message leaves through
        LaneKey drafts = lane("anna");
        LaneKey messages = lane("ben");
        assertThat(book.hold(drafts, Pacing.NONE, world.clock().instant())).isTrue();
        assertThat(book.hold(messages, Pacing.NONE, world.clock().instant())).isTrue();
        try (Store store = TestStores.temporary(folder)) {
            var pacer = new Pacer(book, store, Meters.NONE, world.world());
            var draft = new Draft(Peer.direct("anna"), null, "One", null, null);

            // When
            pacer.obey(messages, world.clock().instant(), new Paced("429", Duration.ofSeconds(5), Paced.Scope.ACCOUNT));
            DeliveryOutcome inThePause = new Stage(drafts, pacer, FailPoints.NONE, () -> {}).show(channel, draft);
            List<Draft> shownInThePause = List.copyOf(shown);
            world.advance(Duration.ofSeconds(6));
            DeliveryOutcome afterIt = new Stage(drafts, pacer, FailPoints.NONE, () -> {}).show(channel, draft);

            // Then
            assertThat(inThePause).isInstanceOf(RetryLater.class);
            assertThat(shownInThePause).isEmpty();
            assertThat(afterIt).isEqualTo(new Delivered("r1"));
            assertThat(shown).containsExactly(draft);
        }
    }

    private static LaneKey lane(String peer) {
        return new LaneKey("telegram", "default", "direct", peer, null);
    }
}
