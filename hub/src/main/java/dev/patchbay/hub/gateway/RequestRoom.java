package dev.patchbay.hub.gateway;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The requests of one socket that are under way; only a few while the hub has many, so that there is room for other clients. Each time
 * that somebody is told that something is full, he is not listened to for a moment longer: refusing costs the processor almost what doing
 * costs.
 */
final class RequestRoom {
    /** Enough to keep a hub busy, and few enough that thirty sockets that flood leave room. */
    private static final int FEW = 16;

    /** For each refusal; one alone is hardly noticed, of a flood 500 a second are left. */
    static final Duration PAUSE = Duration.ofMillis(2);

    static final Duration PAUSE_MAX = Duration.ofMillis(250);

    private final int most;
    private final BooleanSupplier crowded;
    private final LongSupplier nanos;
    private int underWay;
    private boolean isPaused;
    private long pausedUntil;

    /**
     * Room for requests.
     *
     * @param most under way at once, from 1
     * @param crowded whether the hub has many of all clients
     * @param nanos time that passes
     */
    RequestRoom(int most, BooleanSupplier crowded, LongSupplier nanos) {
        this.most = most;
        this.crowded = crowded;
        this.nanos = nanos;
    }

    synchronized boolean tryEnter() {
        if (pauseLeft() > 0 || underWay >= (crowded.getAsBoolean() ? Math.min(FEW, most) : most)) {
            return false;
        }
        underWay++;
        return true;
    }

    /** Waits for room: for the end of one of our own, as only those are too many, or of the pause. */
    synchronized void enter() throws InterruptedException {
        while (!tryEnter()) {
            long left = pauseLeft();
            if (left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } else {
                wait();
            }
        }
    }

    /** @param isFull whether it was refused because something is full */
    synchronized void leave(boolean isFull) {
        underWay--;
        if (isFull) {
            long left = Math.min(pauseLeft() + PAUSE.toNanos(), PAUSE_MAX.toNanos());
            pausedUntil = nanos.getAsLong() + left;
            isPaused = true;
        }
        notifyAll();
    }

    private long pauseLeft() {
        long left = isPaused ? pausedUntil - nanos.getAsLong() : 0;
        isPaused = left > 0;
        return Math.max(0, left);
    }
}
