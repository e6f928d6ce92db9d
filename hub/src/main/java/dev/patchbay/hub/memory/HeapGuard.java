package dev.patchbay.hub.memory;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when the heap is so full of what is really needed that nothing new may be taken on, and sees to it that this passes: what can be
 * read again is let go of, and garbage is collected until there is room. Safe for many threads.
 */
public final class HeapGuard implements HeapState, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeapGuard.class);

    /** Of the old generation, after a collection: from here on nothing new is taken. */
    static final double TIGHT = 0.9;

    /** Below that it is taken again. */
    static final double ROOMY = 0.8;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final DoubleSupplier usedAfterCollection;
    private final Runnable collect;
    private final Runnable letGo;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heap-guard").daemon().factory());
    private Runnable unlisten = () -> {};
    private volatile boolean tight;

    /**
     * A guard that nobody rings yet.
     *
     * @param usedAfterCollection part of the old generation that the latest collection has left in use
     * @param collect collects garbage
     * @param letGo lets go of what can be read again; short, may throw
     */
    HeapGuard(DoubleSupplier usedAfterCollection, Runnable collect, Runnable letGo) {
        this.usedAfterCollection = usedAfterCollection;
        this.collect = collect;
        this.letGo = letGo;
    }

    /** Watches this process. */
    public static HeapGuard start(Runnable letGo) {
        Optional<MemoryPoolMXBean> old = oldGeneration();
        var guard = new HeapGuard(() -> old.map(HeapGuard::used).orElse(0.0), System::gc, letGo);
        old.ifPresent(guard::listen);
        return guard;
    }

    @Override
    public boolean isTight() {
        return tight;
    }

    /** Part of the old generation that the latest collection has left in use; 0 if nobody can tell. */
    public double usedAfterCollection() {
        return usedAfterCollection.getAsDouble();
    }

    /** A collection has left little: called by the virtual machine. */
    void ring() {
        if (!tight && usedAfterCollection.getAsDouble() >= TIGHT) {
            tight = true;
            thread.execute(() -> clear(FIRST_PAUSE));
        }
    }

    @Override
    public void close() {
        unlisten.run();
        thread.shutdownNow();
    }

    private void clear(Duration pause) {
        attempt(letGo);
        attempt(collect);
        if (usedAfterCollection.getAsDouble() < ROOMY) {
            tight = false;
        } else if (!thread.isShutdown()) {
            // Each collection stops everything for a moment: the longer it does not help, the rarer it is.
            Duration next = pause.multipliedBy(2);
            var unused = thread.schedule(
                    () -> clear(next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE),
                    pause.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error failed) {
            log.warn("The heap could not be cleared: {}", String.valueOf(failed));
        }
    }

    private void listen(MemoryPoolMXBean pool) {
        pool.setCollectionUsageThreshold((long) (pool.getUsage().getMax() * TIGHT));
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        if (memory instanceof NotificationEmitter emitter) {
            NotificationListener listener = (notification, unused) -> {
                if (notification.getType().equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
                    ring();
                }
            };
            emitter.addNotificationListener(listener, null, null);
            unlisten = () -> {
                try {
                    emitter.removeNotificationListener(listener);
                } catch (ListenerNotFoundException gone) {
                    // Then it is what we want.
                }
            };
        }
    }

    private static Optional<MemoryPoolMXBean> oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP
                        && pool.isCollectionUsageThresholdSupported()
                        && pool.getUsage().getMax() > 0)
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }

    private static double used(MemoryPoolMXBean pool) {
        MemoryUsage after = pool.getCollectionUsage();
        return after == null || after.getMax() <= 0 ? 0 : (double) after.getUsed() / after.getMax();
    }
}
