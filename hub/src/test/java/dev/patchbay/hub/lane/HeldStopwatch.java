package dev.patchbay.hub.lane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Time that stands until the test has come to where it is to run out, so that nothing before it can be late. From then on it is the
 * machine's own. Safe for many threads.
 */
public final class HeldStopwatch implements Stopwatch {
    private final CountDownLatch going = new CountDownLatch(1);
    private volatile long begin;

    /** Lets time pass; further calls do nothing. */
    public synchronized void go() {
        if (going.getCount() > 0) {
            begin = System.nanoTime();
            going.countDown();
        }
    }

    @Override
    public long nanos() {
        return going.getCount() > 0 ? 0 : System.nanoTime() - begin;
    }

    @Override
    public boolean await(CountDownLatch latch, Duration most) throws InterruptedException {
        while (going.getCount() > 0) {
            if (latch.await(2, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return latch.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }
}
