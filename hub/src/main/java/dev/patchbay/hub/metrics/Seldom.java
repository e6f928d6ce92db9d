package dev.patchbay.hub.metrics;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps a trouble that happens thousands of times from filling the log with as many lines: one is written at once, further ones only
 * after a while, with the number of those left out. Safe for many threads.
 */
public final class Seldom {
    private static final Duration USUAL = Duration.ofSeconds(30);

    private final long everyNanos;
    private final LongSupplier nanos;
    private long nextAt;
    private long leftOut;

    /** Every half minute. */
    public Seldom() {
        this(USUAL, System::nanoTime);
    }

    /**
     * With a pause of one's own.
     *
     * @param nanos monotonic
     */
    public Seldom(Duration every, LongSupplier nanos) {
        this.everyNanos = every.toNanos();
        this.nanos = nanos;
        this.nextAt = nanos.getAsLong();
    }

    /** Writes a line, or leaves it out. The line gets what belongs at its end: nothing, or how many like it were left out. */
    public void tell(Consumer<String> line) {
        long left;
        synchronized (this) {
            long now = nanos.getAsLong();
            if (now - nextAt < 0) {
                leftOut++;
                return;
            }
            nextAt = now + everyNanos;
            left = leftOut;
            leftOut = 0;
        }
        line.accept(left == 0 ? "" : " (and " + left + " more like this)");
    }
}
