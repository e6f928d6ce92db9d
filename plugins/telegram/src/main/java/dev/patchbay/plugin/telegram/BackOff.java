package dev.patchbay.plugin.telegram;

import java.time.Duration;

/** How long to wait after each failure in a row: 1 s, 2 s, 4 s and so on. For one thread. */
final class BackOff {
    private static final Duration MAX = Duration.ofSeconds(30);

    /** Whoever waits for a server notices within five seconds that it is back. */
    private static final Duration SERVER_MAX = Duration.ofSeconds(4);

    private static final int DOUBLINGS_MAX = 5;

    private int failures;

    /** After something that goes away only if somebody acts. */
    Duration next() {
        Duration wait = Duration.ofSeconds(1L << Math.min(failures, DOUBLINGS_MAX));
        failures++;
        return shorter(wait, MAX);
    }

    /** After a server that was not there or not well. */
    Duration nextForServer() {
        return shorter(next(), SERVER_MAX);
    }

    /** It works. */
    void reset() {
        failures = 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
