package dev.patchbay.hub.store;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one caller waits for while a thread of the store does it. */
class Ticket<R> {
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable R result;
    private @Nullable StoreException failure;

    private enum State {
        WAITING,
        TAKEN,
        WITHDRAWN
    }

    /** Called by the working thread before it starts; false if the caller has gone, and then nothing is to be done. */
    final boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN);
    }

    final void succeed(R value) {
        result = value;
        over.countDown();
    }

    final void fail(StoreException why) {
        failure = why;
        over.countDown();
    }

    /**
     * As {@link #await}, for what must not be left halfway: once it has begun, an interrupt is kept for later. Whoever left in
     * the middle of a write would not know whether it had happened, and nobody would act on it if it had.
     */
    final R awaitToTheEnd(Duration untilTaken, Duration work) throws InterruptedException {
        try {
            return await(untilTaken, work);
        } catch (InterruptedException interrupted) {
            if (state.get() == State.WITHDRAWN) {
                throw interrupted;
            }
        }
        long end = System.nanoTime() + work.toNanos();
        try {
            while (true) {
                try {
                    return await(Duration.ofNanos(Math.max(0, end - System.nanoTime())), Duration.ZERO);
                } catch (InterruptedException again) {
                    // Kept, too.
                }
            }
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the result.
     *
     * @param untilTaken how long it may stand in the queue; then it is withdrawn and has not happened
     * @param work how long it may take after that
     */
    final R await(Duration untilTaken, Duration work) throws InterruptedException {
        try {
            if (!over.await(untilTaken.toMillis(), TimeUnit.MILLISECONDS)) {
                if (state.compareAndSet(State.WAITING, State.WITHDRAWN)) {
                    throw new StoreException(
                            StoreException.Kind.UNAVAILABLE,
                            "the store did not get to it within " + untilTaken.toSeconds() + " s; try again later");
                }
                if (!over.await(work.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new StoreException(
                            StoreException.Kind.UNAVAILABLE,
                            "the disk does not answer; whether it happened is unknown");
                }
            }
        } catch (InterruptedException gone) {
            state.compareAndSet(State.WAITING, State.WITHDRAWN);
            throw gone;
        }
        if (failure != null) {
            // A copy of the caller's own: the first one is shared by the whole batch and tells of another thread.
            throw new StoreException(failure.kind(), String.valueOf(failure.getMessage()), failure);
        }
        return Objects.requireNonNull(result);
    }
}
