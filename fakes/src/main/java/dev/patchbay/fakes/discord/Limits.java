package dev.patchbay.fakes.discord;

import java.time.Duration;

/**
 * Rate limits that are enforced and told in the headers of each answer.
 *
 * @param sends requests per window that write to one channel, counted for each route
 * @param others requests per second of any other route
 * @param global requests of one bot per second in all; answers to interactions are not counted
 */
public record Limits(int sends, Duration window, int others, int global) {
    public Limits {
        if (sends < 1 || others < 1 || global < 1 || !window.isPositive()) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
    }

    /** What the real one has been seen to allow: 5 messages per 5 s and channel, 50 requests per second in all. */
    public static Limits real() {
        return new Limits(5, Duration.ofSeconds(5), 50, 50);
    }

    /** So wide that no test meets them. */
    public static Limits wide() {
        return new Limits(1_000_000, Duration.ofSeconds(1), 1_000_000, 1_000_000);
    }
}
