package dev.patchbay.bench.load;

import java.time.Duration;
import java.util.Arrays;

/** Durations of single operations, and how long they took together. Safe for many threads. */
final class Figures {
    private long[] nanos = new long[1_024];
    private int count;
    private double seconds = 1;

    synchronized void add(long took) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = took;
    }

    /** Sets the time in which all of them happened. */
    synchronized Figures within(Duration time) {
        seconds = time.toNanos() / 1e9;
        return this;
    }

    synchronized int count() {
        return count;
    }

    synchronized double perSecond() {
        return count / seconds;
    }

    /** The duration that this part of all operations stayed within. */
    synchronized double millis(double part) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1L, (long) Math.floor(count * part))] / 1e6;
    }
}
