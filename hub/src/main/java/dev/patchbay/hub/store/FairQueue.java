package dev.patchbay.hub.store;

import dev.patchbay.hub.lane.Origin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that serves {@linkplain Origin origins} in turn: whoever has put in a thousand entries waits behind himself, others
 * do not. What one origin puts in comes out in order. Safe for many threads.
 */
final class FairQueue<E> {
    /** Who has more waiting than this crowds. */
    private static final int CROWD = 16;

    /** Places in a batch for all who crowd. */
    private static final int FEW = 4;

    /** For so many batches after the last of somebody who does not crowd, those who do get few places. */
    private static final int REMEMBERED = 64;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();

    /** Those who have something here, the next to be served first. */
    private final LinkedHashMap<Object, ArrayDeque<E>> waiting = new LinkedHashMap<>();

    private int size;

    /** Who was here last without crowding; the hub's own work, for which nobody waits, is left out. */
    private Object other = Origin.HUB;

    /** Since then. */
    private int batchesSince = REMEMBERED;

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

    /**
     * Takes what is to be done together, waiting at most so long for the first entry. Origins that crowd get few places of it while
     * there are others, for whom a short batch is a short wait.
     *
     * @param most entries, from 1
     */
    List<E> pollBatch(long millis, int most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (size == 0 && nanos > 0) {
                nanos = filled.awaitNanos(nanos);
            }
            return batch(most);
        } finally {
            lock.unlock();
        }
    }

    private List<E> batch(int most) {
        Set<Object> crowding = new HashSet<>();
        waiting.forEach((origin, entries) -> {
            if (entries.size() > CROWD) {
                crowding.add(origin);
            }
        });
        batchesSince++;
        for (Object origin : waiting.keySet()) {
            if (origin != Origin.HUB && !crowding.contains(origin)) {
                other = origin;
                batchesSince = 0;
            }
        }
        int room = batchesSince < REMEMBERED && !crowding.contains(other) ? Math.min(FEW, most) : most;
        var batch = new ArrayList<E>();
        int passedOver = 0;
        while (batch.size() < most && passedOver < waiting.size()) {
            if (room == 0 && crowding.contains(waiting.firstEntry().getKey())) {
                Map.Entry<Object, ArrayDeque<E>> turn = waiting.pollFirstEntry();
                waiting.putLast(turn.getKey(), turn.getValue());
                passedOver++;
            } else {
                room -= crowding.contains(waiting.firstEntry().getKey()) ? 1 : 0;
                batch.add(Objects.requireNonNull(next()));
                passedOver = 0;
            }
        }
        return batch;
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
