package dev.patchbay.hub.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What may happen next, and chance picks. One thread, the driver, does everything: it runs what was picked until that comes to rest, and
 * moves time on to the next moment only when nothing else can run.
 */
final class Timeline {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    /** Every pick takes a little time, so that no two moments are the same. */
    private static final long PICK_NANOS = 1_000;

    private final Thread driver = Thread.currentThread();
    private final Chance picks;
    private final Trace trace;
    private final List<Ready> ready = new ArrayList<>();
    private final PriorityQueue<Moment> moments =
            new PriorityQueue<>(Comparator.comparingLong(Moment::at).thenComparingLong(Moment::order));
    private long nanos;
    private long order;
    private long steps;
    private @Nullable Life alarmed;
    private volatile @Nullable Throwable intruder;

    private record Ready(Life life, Runnable task, boolean isAlarm) {}

    private record Moment(long at, long order, Life life, Runnable action) {}

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now();
        }
    };

    Timeline(long seed, Trace trace) {
        this.picks = new Chance(seed, "picks");
        this.trace = trace;
    }

    Instant now() {
        return START.plusNanos(nanos);
    }

    long nanos() {
        return nanos;
    }

    Clock clock() {
        return clock;
    }

    /** How many picks there were. */
    long steps() {
        return steps;
    }

    /** Whether an action of this life's alarm is running, which must not block. */
    boolean isInAlarmOf(Life life) {
        return alarmed == life;
    }

    void event(String what) {
        trace.event(steps, now(), what);
    }

    /** A thread of this life can go on. */
    void ready(Life life, Runnable continuation) {
        if (life.isOver()) {
            return;
        }
        Thread caller = Thread.currentThread();
        if (caller != driver && !caller.isVirtual()) {
            intruder = new IllegalStateException(
                    "a thread was woken by " + caller + ": some wait was decided by the machine's own time or threads");
            return;
        }
        ready.add(new Ready(life, continuation, false));
    }

    void at(Instant when, Life life, Runnable action) {
        moments.add(new Moment(Duration.between(START, when).toNanos(), order++, life, action));
    }

    void in(Duration wait, Life life, Runnable action) {
        at(now().plus(wait), life, action);
    }

    /** Lets the next thing happen; false if nothing ever will. */
    boolean step() {
        dueMoments();
        while (ready.isEmpty()) {
            Moment next = moments.peek();
            if (next == null) {
                return false;
            }
            nanos = Math.max(nanos, next.at());
            dueMoments();
        }
        int index = picks.below(ready.size());
        Ready picked = ready.get(index);
        ready.set(index, ready.getLast());
        ready.removeLast();
        if (picked.life().isOver()) {
            return true;
        }
        steps++;
        nanos += PICK_NANOS;
        trace.mix(((long) ready.size() << 32) | index);
        alarmed = picked.isAlarm() ? picked.life() : null;
        try {
            picked.task().run();
        } finally {
            alarmed = null;
        }
        Throwable stranger = intruder;
        if (stranger != null) {
            throw new IllegalStateException("the simulation is not alone any more", stranger);
        }
        return true;
    }

    private void dueMoments() {
        for (Moment due = moments.peek(); due != null && due.at() <= nanos; due = moments.peek()) {
            moments.poll();
            if (!due.life().isOver()) {
                ready.add(new Ready(due.life(), due.action(), true));
            }
        }
    }
}
