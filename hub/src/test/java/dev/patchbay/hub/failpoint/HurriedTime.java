package dev.patchbay.hub.failpoint;

import dev.patchbay.hub.lane.Alarm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Time that goes by several times as fast, so that pauses cost a test little. */
final class HurriedTime implements Alarm, AutoCloseable {
    private final int speed;
    private final Instant begin = Instant.now();
    private final long beginNanos = System.nanoTime();
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());

    HurriedTime(int speed) {
        this.speed = speed;
    }

    Clock clock() {
        return new Clock() {
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
                return begin.plusNanos((System.nanoTime() - beginNanos) * speed);
            }
        };
    }

    @Override
    public void at(Instant when, Runnable action) {
        if (!executor.isShutdown()) {
            long nanos = Duration.between(clock().instant(), when).toNanos() / speed;
            var unused = executor.schedule(action, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
