package dev.patchbay.hub.agent.process;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds back a reader, and through the full pipe the writer: a program that floods must not cost the hub its processor. 40 MB in a
 * second are let through. For one thread.
 */
final class Throttle {
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SLICE_BYTES = 4L << 20;

    private final int lineBytesMin;
    private long began = System.nanoTime();
    private long used;

    /** @param lineBytesMin so many bytes a line counts at least: many small ones are work, too */
    Throttle(int lineBytesMin) {
        this.lineBytesMin = lineBytesMin;
    }

    void line(int bytes) {
        took(Math.max(0, lineBytesMin - bytes));
    }

    void took(int bytes) {
        used += bytes;
        if (used < SLICE_BYTES) {
            return;
        }
        long left = began + SLICE_NANOS - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
        began = System.nanoTime();
        used = 0;
    }
}
