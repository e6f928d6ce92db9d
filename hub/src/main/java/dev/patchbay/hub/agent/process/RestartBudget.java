package dev.patchbay.hub.agent.process;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * When a lost worker may be replaced: the first at once, further ones in a row after 1 s, doubling to 60 s, and only so many
 * within an hour. For one thread at a time. Moments are those of {@link System#nanoTime}, so that a clock that jumps changes nothing.
 */
final class RestartBudget {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final int perWindow;
    private final long windowNanos;
    private final ArrayDeque<Long> restarts = new ArrayDeque<>();
    private int owed;
    private int inARow;
    private long notBefore;

    RestartBudget(int perWindow, Duration window) {
        this.perWindow = perWindow;
        this.windowNanos = window.toNanos();
    }

    /** A worker was lost: the next one that is started replaces it. */
    void lost(long now) {
        owed++;
        inARow++;
        notBefore = now + pause().toNanos();
    }

    /** A worker has done what it should: the next loss is a first one again. The hour's restarts stay counted. */
    void worked() {
        inARow = 0;
    }

    /** One was started, or at least tried. */
    void started(long now) {
        if (owed > 0) {
            owed--;
            restarts.addLast(now);
        }
    }

    /** Nanoseconds until one may be started; 0 if now. */
    long waitNanos(long now) {
        if (owed == 0) {
            return 0;
        }
        long wait = inARow == 0 ? 0 : notBefore - now;
        if (isUsedUp(now)) {
            wait = Math.max(wait, restarts.getFirst() + windowNanos - now);
        }
        return Math.max(0, wait);
    }

    /** Whether the hour's restarts are used up while one more is needed. */
    boolean isUsedUp(long now) {
        return owed > 0 && within(now) >= perWindow;
    }

    /** Restarts within the last hour. */
    int within(long now) {
        while (!restarts.isEmpty() && now - restarts.getFirst() >= windowNanos) {
            restarts.removeFirst();
        }
        return restarts.size();
    }

    private Duration pause() {
        if (inARow <= 1) {
            return Duration.ZERO;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(inARow - 2, 6));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
