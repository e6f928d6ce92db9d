package dev.patchbay.hub.lane;

import dev.patchbay.hub.failpoint.FailPoints;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Time that moves when the test says so, and threads that a test can wait for. Real virtual threads run the work; {@link #settle}
 * returns when all of them have come to rest.
 */
public final class TestWorld implements Alarm, Executor {
    private record Moment(Instant when, long order, Runnable action) {}

    private final AtomicLong order = new AtomicLong();
    private final PriorityQueue<Moment> moments =
            new PriorityQueue<>(Comparator.comparing(Moment::when).thenComparing(Moment::order));
    private final Phaser working = new Phaser(1);
    private volatile Instant now = Instant.parse("2026-03-01T10:00:00Z");

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
            return now;
        }
    };

    public World world() {
        return world(Stopwatch.SYSTEM);
    }

    /** Waits that end by themselves go by this stopwatch. */
    public World world(Stopwatch stopwatch) {
        return new World(clock, this, this, new Random(1), stopwatch, FailPoints.NONE);
    }

    public Clock clock() {
        return clock;
    }

    @Override
    public void execute(Runnable task) {
        working.register();
        Thread.ofVirtual().start(() -> {
            try {
                task.run();
            } finally {
                working.arriveAndDeregister();
            }
        });
    }

    @Override
    public void at(Instant when, Runnable action) {
        synchronized (moments) {
            moments.add(new Moment(when, order.getAndIncrement(), action));
        }
    }

    /** Moves time on, alarm by alarm, and lets the work of each come to rest. */
    public void advance(Duration by) throws Exception {
        settle();
        Instant end = now.plus(by);
        for (Moment next = nextUntil(end); next != null; next = nextUntil(end)) {
            now = next.when().isAfter(now) ? next.when() : now;
            next.action().run();
            settle();
        }
        now = end;
    }

    /** Moves time on, alarm by alarm, without waiting for anybody: for tests in which somebody works all the while. */
    public void skip(Duration by) {
        Instant end = now.plus(by);
        for (Moment next = nextUntil(end); next != null; next = nextUntil(end)) {
            now = next.when().isAfter(now) ? next.when() : now;
            next.action().run();
        }
        now = end;
    }

    /** Lets the calling thread, one of those that {@link #execute} has started, wait until so much time has been moved on. */
    public void pass(Duration time) throws InterruptedException {
        var over = new CountDownLatch(1);
        at(now.plus(time), () -> {
            working.register();
            over.countDown();
        });
        working.arriveAndDeregister();
        over.await();
    }

    /** Waits, at most 30 s, until no thread works any more. */
    public void settle() throws InterruptedException, TimeoutException {
        while (working.getRegisteredParties() > 1) {
            int phase = working.arrive();
            working.awaitAdvanceInterruptibly(phase, 30, TimeUnit.SECONDS);
        }
    }

    private @org.jspecify.annotations.Nullable Moment nextUntil(Instant end) {
        synchronized (moments) {
            Moment next = moments.peek();
            return next == null || next.when().isAfter(end) ? null : moments.poll();
        }
    }
}
