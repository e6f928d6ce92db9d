package dev.patchbay.hub.lane;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One platform thread that waits for all moments. What is still ahead when it closes is dropped. */
public final class SystemAlarm implements Alarm, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SystemAlarm.class);

    /** A clock that jumps is noticed at the latest after this. */
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);

    private final Clock clock;
    private final ScheduledThreadPoolExecutor executor;

    public SystemAlarm(Clock clock) {
        this.clock = clock;
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("alarm").daemon().factory());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void at(Instant when, Runnable action) {
        Duration ahead = Duration.between(clock.instant(), when);
        if (executor.isShutdown()) {
            return;
        }
        if (ahead.compareTo(LONGEST_NAP) > 0) {
            schedule(() -> at(when, action), LONGEST_NAP);
        } else {
            schedule(action, ahead);
        }
    }

    private void schedule(Runnable action, Duration ahead) {
        // Its own failure handling is inside; nobody waits for it.
        var unused = executor.schedule(
                () -> {
                    try {
                        action.run();
                    } catch (RuntimeException | Error failure) {
                        log.error("An alarm's action failed", failure);
                    }
                },
                Math.max(0, ahead.toNanos()),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
