package dev.patchbay.plugin.discord;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What Discord's headers say about the next request of a kind, so that a limit is waited for instead of run into. Safe for many
 * threads.
 */
final class Limits {
    private static final int REMEMBERED_MAX = 10_000;

    private final Map<String, Long> opens = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    Limits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** How long until the next request may leave; zero if it may now. */
    Duration untilOpen(String bucket) {
        Long opening = opens.get(bucket);
        if (opening == null) {
            return Duration.ZERO;
        }
        long left = opening - nanoTime.getAsLong();
        if (left <= 0) {
            opens.remove(bucket, opening);
            return Duration.ZERO;
        }
        return Duration.ofNanos(left);
    }

    void learn(String bucket, ApiAnswer answer) {
        String remaining = answer.headers().get("X-RateLimit-Remaining");
        Duration reset = ApiAnswer.seconds(answer.headers().get("X-RateLimit-Reset-After"));
        if ("0".equals(remaining) && reset.isPositive()) {
            if (opens.size() >= REMEMBERED_MAX) {
                opens.values().removeIf(opening -> opening - nanoTime.getAsLong() <= 0);
            }
            if (opens.size() < REMEMBERED_MAX) {
                opens.put(bucket, nanoTime.getAsLong() + reset.toNanos());
            }
        }
    }
}
