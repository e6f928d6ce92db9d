package dev.patchbay.hub.simulation;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.lane.Alarm;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * The life of something that can die at any moment: its threads and its alarms. When it is over none of them ever runs again, as after
 * {@code kill -9}.
 */
final class Life implements Alarm, Executor, Stopwatch {
    private final Timeline timeline;
    private final ThreadFactory threads;
    private int running;
    private volatile boolean over;

    /**
     * Begins a life.
     *
     * @param broken is told what a thread threw
     */
    Life(Timeline timeline, Consumer<Throwable> broken) {
        this.timeline = timeline;
        ThreadFactory bare = SteeredThreads.on(
                continuation -> timeline.ready(this, continuation), (thread, thrown) -> broken.accept(thrown));
        this.threads = task -> bare.newThread(() -> {
            running++;
            try {
                task.run();
            } finally {
                running--;
            }
        });
    }

    World world(long seed) {
        return new World(timeline.clock(), this, this, new Random(seed), this, FailPoints.NONE);
    }

    ThreadFactory threads() {
        return threads;
    }

    /** How many threads have begun and not ended. */
    int running() {
        return running;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    @Override
    public void execute(Runnable task) {
        threads.newThread(task).start();
    }

    @Override
    public void at(Instant when, Runnable action) {
        timeline.at(when, this, action);
    }

    @Override
    public long nanos() {
        return timeline.nanos();
    }

    /** The simulated alarm interrupts the wait; the machine's own timers decide nothing. */
    @Override
    public boolean await(CountDownLatch latch, Duration most) throws InterruptedException {
        if (latch.getCount() == 0) {
            return true;
        }
        var wait = new Wait(Thread.currentThread());
        at(timeline.now().plus(most), wait::timeOver);
        try {
            latch.await();
            return true;
        } catch (InterruptedException interrupted) {
            if (!wait.isTimeOver) {
                throw interrupted;
            }
            return latch.getCount() == 0;
        } finally {
            wait.isDone = true;
        }
    }

    /** Lets the calling thread, one of this life's, rest. */
    void sleep(Duration time) throws InterruptedException {
        if (time.isPositive()) {
            var over = new CountDownLatch(1);
            at(timeline.now().plus(time), over::countDown);
            over.await();
        }
    }

    private static final class Wait {
        private final Thread waiting;
        private boolean isDone;
        private boolean isTimeOver;

        Wait(Thread waiting) {
            this.waiting = waiting;
        }

        void timeOver() {
            // One that was interrupted by somebody else just now hears of that.
            if (!isDone && !waiting.isInterrupted()) {
                isTimeOver = true;
                waiting.interrupt();
            }
        }
    }
}
