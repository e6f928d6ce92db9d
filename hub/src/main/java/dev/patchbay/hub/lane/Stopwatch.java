package dev.patchbay.hub.lane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time that passes, whatever the clock on the wall says: to measure with, and for waits that end by themselves. Safe for many threads. */
public interface Stopwatch {
    /** The machine's own. */
    Stopwatch SYSTEM = new Stopwatch() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration most) throws InterruptedException {
            return latch.await(most.toNanos(), TimeUnit.NANOSECONDS);
        }
    };

    /** Nanoseconds since some moment of the past; only differences mean something. */
    long nanos();

    /** Waits until the latch is open; false if it still is not when the time is over. */
    boolean await(CountDownLatch latch, Duration most) throws InterruptedException;
}
