package dev.patchbay.hub.delivery;

import java.time.Duration;

/**
 * How long an account's sends take, and how much of that is certain. Guarded by the {@link LaneBook}.
 *
 * <p>A platform counts arrivals; we see beginnings and ends. A send has arrived at least the way back before its end, and another
 * arrives at least the way there after its beginning. So between two arrivals lies at least what lies between the end of the one
 * and the beginning of the other, and the quickest round trip besides: that much can be taken off the wait. What counts as the
 * quickest is a bit less than was ever seen, the less certain the more, because the quickest ways may not have met yet.
 */
final class Latency {
    private static final int ENOUGH = 8;

    /** Where they differ by more than a fiftieth, so many are needed. */
    private static final int ENOUGH_UNSTEADY = 12;

    private static final int STEADY = 50;
    private static final int GENERATION = 256;
    private static final double DOUBT = 8;

    /** Where a round trip is the sum of two varying ways, a few of them all miss the quickest by more than they differ themselves. */
    private static final double DOUBT_MAX = 2;

    /** One that takes longer by that tells nothing about the others: a file, a reconnect. */
    private static final int OUTLIER = 4;

    private Seen seen = new Seen();
    private Seen before = new Seen();

    private static final class Seen {
        int count;
        long smallestNanos = Long.MAX_VALUE;
        double sumNanos;
    }

    /** A send was answered after so long. */
    void add(Duration took) {
        long nanos = Math.max(0, took.toNanos());
        if (seen.count == GENERATION) {
            // What was quicker long ago is forgotten: the way may have become longer.
            before = seen;
            seen = new Seen();
        }
        seen.smallestNanos = Math.min(seen.smallestNanos, nanos);
        seen.sumNanos += Math.min((double) nanos, (double) smallestNanos() * OUTLIER);
        seen.count++;
    }

    /** What a send takes at least; zero as long as too few are known. */
    Duration sure() {
        int count = seen.count + before.count;
        if (count < ENOUGH) {
            return Duration.ZERO;
        }
        long smallest = smallestNanos();
        double mean = (seen.sumNanos + before.sumNanos) / count;
        if (count < ENOUGH_UNSTEADY && mean - smallest > (double) smallest / STEADY) {
            return Duration.ZERO;
        }
        double doubt = Math.min(DOUBT_MAX, DOUBT / Math.sqrt(count)) * Math.max(0, mean - smallest);
        return Duration.ofNanos((long) Math.max(0, smallest - doubt));
    }

    private long smallestNanos() {
        return Math.min(seen.smallestNanos, before.smallestNanos);
    }
}
