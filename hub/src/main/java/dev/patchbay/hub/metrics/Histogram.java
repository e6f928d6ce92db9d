package dev.patchbay.hub.metrics;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts values by size. Safe for many threads; taking a value in costs a search in a short array and two additions.
 *
 * <p>Sizes are whole numbers: nanoseconds, shown as seconds, or plain counts.
 */
final class Histogram {
    private final Bounds bounds;
    private final LongAdder[] counts;
    private final LongAdder sum = new LongAdder();

    /** Where the buckets end, inclusive, ascending; a last bucket has no end. */
    static final class Bounds {
        private static final double NANOS_PER_SECOND = 1e9;

        private final long[] ends;
        private final double unit;

        private Bounds(double unit, long... ends) {
            this.unit = unit;
            this.ends = ends;
        }

        /** What a machine does: from a quarter of a millisecond to 10 s. */
        static Bounds work() {
            return seconds(0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10);
        }

        /** What waits for somebody else: from a millisecond to an hour. */
        static Bounds waits() {
            return seconds(0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600);
        }

        /** How many at once: powers of two to 1,024. */
        static Bounds batches() {
            return new Bounds(1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024);
        }

        private static Bounds seconds(double... ends) {
            return new Bounds(
                    NANOS_PER_SECOND,
                    Arrays.stream(ends)
                            .mapToLong(end -> Math.round(end * NANOS_PER_SECOND))
                            .toArray());
        }
    }

    Histogram(Bounds bounds) {
        this.bounds = bounds;
        counts = new LongAdder[bounds.ends.length + 1];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void record(long value) {
        long[] ends = bounds.ends;
        int bucket = 0;
        while (bucket < ends.length && value > ends[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sum.add(Math.max(0, value));
    }

    /** Writes buckets, sum and count. The count is that of the buckets, so one page never contradicts itself. */
    void write(Page page, String name, String labels) {
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            total += counts[i].sum();
            String end = i < bounds.ends.length ? Page.number((double) bounds.ends[i] / bounds.unit) : "+Inf";
            page.sample(name + "_bucket", Page.with(labels, "le", end), total);
        }
        page.sample(name + "_sum", labels, (double) sum.sum() / bounds.unit);
        page.sample(name + "_count", labels, total);
    }
}
