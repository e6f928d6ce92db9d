package dev.patchbay.hub.session;

import dev.patchbay.hub.lane.Stopwatch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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
    private final Stopwatch stopwatch;
    private volatile @Nullable TurnOutcome outcome;

    Waiter(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

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
        try {
            if (!stopwatch.await(ended, wait) && !state.compareAndSet(State.WAITING, State.GIVEN_UP)) {
                // Claimed already: the answer is being stored for us and for nobody else.
                ended.await();
            }
            return outcome;
        } finally {
            // Whoever leaves, for whatever reason, takes no answer any more.
            state.compareAndSet(State.WAITING, State.GIVEN_UP);
        }
    }
}
