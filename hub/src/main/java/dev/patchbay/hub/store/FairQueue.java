package dev.patchbay.hub.store;

import dev.patchbay.hub.lane.Origin;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that serves {@linkplain Origin origins} in turn: whoever has put in a thousand entries waits behind himself, others
 * do not. What one origin puts in comes out in order. Safe for many threads.
 */
final class FairQueue<E> {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();

    /** Those who have something here, the next to be served first. */
    private final LinkedHashMap<Object, ArrayDeque<E>> waiting = new LinkedHashMap<>();

    private int size;

    /**
     * An empty queue.
     *
     * @param most entries of all origins together
     */
    FairQueue(int most) {
        this.most = most;
    }

    /** Puts in an entry for the calling thread's origin; false if there was no room within the time. */
    boolean offer(E entry, long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (size >= most) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = emptied.awaitNanos(nanos);
            }
            add(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Puts in an entry if there is room at once. */
    boolean offer(E entry) {
        lock.lock();
        try {
            if (size >= most) {
                return false;
            }
            add(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next entry, waiting at most so long for one; null if none came. */
    @Nullable
    E poll(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (size == 0 && nanos > 0) {
                nanos = filled.awaitNanos(nanos);
            }
            return next();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next entry if there is one. */
    @Nullable
    E poll() {
        lock.lock();
        try {
            return next();
        } finally {
            lock.unlock();
        }
    }

    /** Moves at most so many entries, as {@link #poll()} would take them. */
    void drainTo(Collection<? super E> sink, int count) {
        lock.lock();
        try {
            for (int i = 0; i < count && size > 0; i++) {
                sink.add(next());
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(E entry) {
        waiting.computeIfAbsent(Origin.current(), origin -> new ArrayDeque<>()).add(entry);
        size++;
        filled.signal();
    }

    private @Nullable E next() {
        Map.Entry<Object, ArrayDeque<E>> turn = waiting.pollFirstEntry();
        if (turn == null) {
            return null;
        }
        E entry = turn.getValue().poll();
        if (!turn.getValue().isEmpty()) {
            waiting.putLast(turn.getKey(), turn.getValue());
        }
        size--;
        emptied.signal();
        return entry;
    }
}
