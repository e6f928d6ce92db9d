package dev.patchbay.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what other processes do; always with an end. */
final class Bounded {
    private Bounded() {}

    /** Asks every 20 ms until the answer is yes; fails after {@code limit}. */
    static void until(Duration limit, Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        var never = new CountDownLatch(1);
        while (!holds.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen within " + limit.toSeconds() + " s");
            }
            boolean unused = never.await(20, TimeUnit.MILLISECONDS);
        }
    }

    /** Lets time pass in which something must happen, or must not. */
    static void pass(Duration time) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
