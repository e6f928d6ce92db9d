package dev.patchbay.hub.lane;

import java.time.Instant;

/** Calls back at a moment. Safe for many threads. */
public interface Alarm {

    /**
     * Runs {@code action} once at or shortly after {@code when}; a moment in the past means now. Runs on the alarm's own
     * thread: it must be short and must not block.
     */
    void at(Instant when, Runnable action);
}
