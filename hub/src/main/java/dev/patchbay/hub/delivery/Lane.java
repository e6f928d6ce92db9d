package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.LaneKey;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The open deliveries of one lane, oldest first. Guarded by the {@link LaneBook}. */
final class Lane {
    final LaneKey key;
    final PeerQueue peer;
    final ArrayDeque<QueuedDelivery> queue = new ArrayDeque<>(2);
    State state = State.IDLE;

    /** What it has taken from the limits; null if there are none, or it has ended. */
    @Nullable
    Unit unit;

    /** The moment at which it will be looked at again while it is idle. */
    @Nullable
    Instant napUntil;

    private int replies;

    enum State {
        IDLE,
        READY,
        ACTIVE
    }

    Lane(LaneKey key, PeerQueue peer) {
        this.key = key;
        this.peer = peer;
    }

    /** Whether somebody waits for an answer in it: a reply behind other messages lifts them all. */
    boolean isUrgent() {
        return replies > 0;
    }

    void insert(QueuedDelivery delivery) {
        replies += delivery.isReply ? 1 : 0;
        QueuedDelivery last = queue.peekLast();
        if (last == null || (last.seq < delivery.seq && !delivery.hasBegun())) {
            queue.addLast(delivery);
            return;
        }
        // A dead letter that was retried comes back among younger ones. Nothing overtakes one that has begun: it would
        // come between its parts, or between it and its repeat.
        var younger = new ArrayDeque<QueuedDelivery>();
        while (!queue.isEmpty()
                && (queue.getLast().seq > delivery.seq || delivery.hasBegun())
                && !queue.getLast().hasBegun()) {
            younger.addFirst(queue.removeLast());
        }
        queue.addLast(delivery);
        queue.addAll(younger);
    }

    boolean remove(QueuedDelivery delivery) {
        boolean found = queue.remove(delivery);
        replies -= found && delivery.isReply ? 1 : 0;
        return found;
    }
}
