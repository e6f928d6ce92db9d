package dev.patchbay.hub.metrics;

import java.util.Arrays;
import java.util.Collection;
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

    /**
     * The value that a share of all values of these histograms does not pass: told to within its bucket, as if values lay
     * evenly in there. Beyond the last end that end, without values 0.
     *
     * @param alike of equal bounds
     * @param share from 0 to 1
     */
    static double quantile(Collection<Histogram> alike, double share) {
        if (alike.isEmpty()) {
            return 0;
        }
        Bounds bounds = alike.iterator().next().bounds;
        var together = new long[bounds.ends.length + 1];
        long total = 0;
        for (Histogram each : alike) {
            for (int i = 0; i < together.length; i++) {
                long count = each.counts[i].sum();
                together[i] += count;
                total += count;
            }
        }
        double left = total * share;
        for (int i = 0; i < bounds.ends.length; i++) {
            if (together[i] > 0 && together[i] >= left) {
                double start = i == 0 ? 0 : bounds.ends[i - 1];
                return (start + (bounds.ends[i] - start) * left / together[i]) / bounds.unit;
            }
            left -= together[i];
        }
        return total == 0 ? 0 : bounds.ends[bounds.ends.length - 1] / bounds.unit;
    }

    long count() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).sum();
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
