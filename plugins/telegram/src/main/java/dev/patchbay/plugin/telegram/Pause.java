package dev.patchbay.plugin.telegram;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that end early when the account is closed. Safe for many threads. */
final class Pause {
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Waits; answers false if the account was closed meanwhile. */
    boolean of(Duration time) throws InterruptedException {
        return !closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    void close() {
        closed.countDown();
    }
}
