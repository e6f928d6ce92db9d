package dev.patchbay.hub.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** One stream of chance; the same seed and name give the same stream. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed, String name) {
        // String.hashCode is the same everywhere.
        random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + name.hashCode());
    }

    /** From 0 to {@code bound - 1}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    Duration between(Duration least, Duration most) {
        return least.plusNanos((long) (random.nextDouble() * most.minus(least).toNanos()));
    }

    Duration upTo(Duration most) {
        return between(Duration.ZERO, most);
    }

    @SafeVarargs
    final <T> T oneOf(T... several) {
        return several[below(several.length)];
    }

    <T> T oneOf(List<T> several) {
        return several.get(below(several.size()));
    }

    long next() {
        return random.nextLong();
    }
}
