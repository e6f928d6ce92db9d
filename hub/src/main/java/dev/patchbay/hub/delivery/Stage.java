package dev.patchbay.hub.delivery;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.Draft;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;

/**
 * A lane that is kept free for one draft: it counts against the limits as a message does, and no message leaves before it is over.
 * Used by one thread.
 */
final class Stage implements AutoCloseable {
    private final LaneKey lane;
    private final Pacer pacer;
    private final FailPoints failPoints;
    private final Runnable giveBack;

    Stage(LaneKey lane, Pacer pacer, FailPoints failPoints, Runnable giveBack) {
        this.lane = lane;
        this.pacer = pacer;
        this.failPoints = failPoints;
        this.giveBack = giveBack;
    }

    /** Shows the draft, unless the platform has asked for a pause since the lane was taken. Called once at most. */
    DeliveryOutcome show(Channel channel, Draft draft) throws InterruptedException {
        if (pacer.pausedUntil(lane).isPresent()) {
            return new RetryLater("asked to wait while the draft was being noted", Duration.ZERO);
        }
        Instant began = pacer.sends(lane);
        failPoints.reach(Place.CHANNEL_BEFORE_DRAFT);
        DeliveryOutcome outcome = channel.draft(draft);
        pacer.sent(lane, began, outcome);
        failPoints.reach(Place.CHANNEL_AFTER_DRAFT);
        return outcome;
    }

    /** Gives the lane back to the messages. */
    @Override
    public void close() {
        giveBack.run();
    }
}
