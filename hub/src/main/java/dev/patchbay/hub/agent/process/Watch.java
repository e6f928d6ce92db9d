package dev.patchbay.hub.agent.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks at all workers of all agents, every second; it is there while there are any. On a thread of the operating
 * system, so that nothing in the hub can hold it back. Safe for many threads.
 */
final class Watch {
    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    private final Duration every;
    private final Path proc;
    private final Set<WorkerPool> pools = ConcurrentHashMap.newKeySet();
    private @Nullable CountDownLatch stop;

    Watch(Duration every, Path proc) {
        this.every = every;
        this.proc = proc;
    }

    synchronized void enter(WorkerPool pool) {
        pools.add(pool);
        if (stop == null) {
            var stopped = new CountDownLatch(1);
            stop = stopped;
            Thread.ofPlatform().daemon().name("agent-process-watch").start(() -> run(stopped));
        }
    }

    synchronized void leave(WorkerPool pool) {
        pools.remove(pool);
        if (pools.isEmpty() && stop != null) {
            stop.countDown();
            stop = null;
        }
    }

    private void run(CountDownLatch stopped) {
        try {
            while (!stopped.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                ProcTable table = ProcTable.read(proc);
                pools.forEach(each -> look(each, table));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(WorkerPool pool, ProcTable table) {
        try {
            pool.look(table);
        } catch (RuntimeException | Error broken) {
            // One agent's trouble must not blind us for the others.
            log.error("A look at child processes failed: {}", broken.toString());
        }
    }
}
