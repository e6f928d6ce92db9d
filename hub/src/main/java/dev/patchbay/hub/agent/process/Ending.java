package dev.patchbay.hub.agent.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends workers with all that they have started: closes their input, asks, and then makes them.
 *
 * @param afterInput how long one that was told by the end of its input may take
 * @param afterAsking how long one that was asked by SIGTERM may take before SIGKILL
 */
record Ending(Duration afterInput, Duration afterAsking) {
    static final Ending USUAL = new Ending(Duration.ofSeconds(3), Duration.ofSeconds(2));

    /** What starts new processes faster than they can be ended has won; nobody else can do more. */
    private static final int ROUNDS_MAX = 20;

    private static final Duration ROUND = Duration.ofMillis(500);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** One that may tidy up first. Blocks until all of it has ended, as far as it can be made to. */
    void atRest(Worker worker) throws InterruptedException {
        Process process = worker.process();
        // On a thread of its own: somebody may still be stuck in writing to it.
        Thread.ofPlatform().daemon().name("agent-worker-end").start(() -> {
            try {
                process.getOutputStream().close();
            } catch (IOException gone) {
                // So it has no input any more.
            }
        });
        process.waitFor(afterInput.toMillis(), TimeUnit.MILLISECONDS);
        asked(worker);
    }

    /** One that is of no use any more. Blocks as above. */
    void asked(Worker worker) throws InterruptedException {
        if (!worker.tree().end(false)) {
            return;
        }
        boolean unused = hasEnded(worker, afterAsking);
        // Also if it has: for what it has started in its last moment.
        forced(worker);
    }

    /** One that must not have a moment more. Blocks as above. */
    void forced(Worker worker) throws InterruptedException {
        for (int i = 0; i < ROUNDS_MAX && worker.tree().end(true); i++) {
            boolean unused = hasEnded(worker, ROUND);
        }
    }

    private static boolean hasEnded(Worker worker, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (worker.tree().isAlive()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
