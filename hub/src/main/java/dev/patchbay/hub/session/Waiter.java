package dev.patchbay.hub.session;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for the end of a turn. Whether the waiter still wants the answer is decided exactly once, before the turn is
 * stored: an answer goes either to the waiter or to the queue, never to both and never to neither.
 */
final class Waiter {
    private enum State {
        WAITING,
        CLAIMED,
        GIVEN_UP
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable TurnOutcome outcome;

    /** The turn asks whether this waiter takes the answer. */
    boolean claim() {
        return state.compareAndSet(State.WAITING, State.CLAIMED) || state.get() == State.CLAIMED;
    }

    void complete(TurnOutcome how) {
        outcome = how;
        ended.countDown();
    }

    /** Waits for the end; null if it did not come in time and the answer goes elsewhere. */
    @Nullable
    TurnOutcome await(Duration wait) throws InterruptedException {
        boolean isOver = false;
        try {
            isOver = ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            // Also when interrupted: an answer for somebody who has left would reach nobody.
            if (!isOver && !giveUp()) {
                // Claimed already: the answer is being stored for us and for nobody else.
                ended.await();
            }
        }
        return outcome;
    }

    /** Wants the answer no more; false if it has been claimed for this waiter. */
    boolean giveUp() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP);
    }
}
