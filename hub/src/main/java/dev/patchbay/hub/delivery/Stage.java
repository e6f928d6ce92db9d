package dev.patchbay.hub.delivery;

import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.Draft;
import dev.patchbay.hub.store.LaneKey;
import java.time.Instant;

/**
 * A lane that is kept free for one draft: it counts against the limits as a message does, and no message leaves before it is over.
 * Used by one thread.
 */
final class Stage implements AutoCloseable {
    private final LaneKey lane;
    private final Pacer pacer;
    private final Runnable giveBack;

    Stage(LaneKey lane, Pacer pacer, Runnable giveBack) {
        this.lane = lane;
        this.pacer = pacer;
        this.giveBack = giveBack;
    }

    /** Shows the draft. Called once at most. */
    DeliveryOutcome show(Channel channel, Draft draft) throws InterruptedException {
        Instant began = pacer.sends(lane);
        DeliveryOutcome outcome = channel.draft(draft);
        pacer.sent(lane, began, outcome);
        return outcome;
    }

    /** Gives the lane back to the messages. */
    @Override
    public void close() {
        giveBack.run();
    }
}
