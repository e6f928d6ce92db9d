package dev.patchbay.hub.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers commits, so that a reader can wait until what it may have seen is on disk. One thread begins and settles, any thread asks.
 */
final class CommitClock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settling = lock.newCondition();
    private final AtomicLong begun = new AtomicLong();
    private long settled;
    private long lost;

    /** A commit begins: from now on readers may see what is not on disk yet. */
    void begin() {
        begun.incrementAndGet();
    }

    /** The commit that began last is on disk, or lost. */
    void settle(boolean happened) {
        lock.lock();
        try {
            if (!happened) {
                lost = begun.get();
                // Reads from now on see what was recovered: they are not concerned.
                begun.incrementAndGet();
            }
            settled = begun.get();
            settling.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The latest commit that has begun. */
    long begun() {
        return begun.get();
    }

    /**
     * Waits until a commit is on disk.
     *
     * @param seen from {@link #begun}
     * @throws StoreException if that commit was lost, and with it perhaps what was read
     */
    void await(long seen, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = atMost.toNanos();
            while (settled < seen) {
                if (nanos <= 0) {
                    throw new StoreException(StoreException.Kind.UNAVAILABLE, "the disk does not answer");
                }
                nanos = settling.awaitNanos(nanos);
            }
            if (lost == seen && seen > 0) {
                throw new StoreException(
                        StoreException.Kind.UNAVAILABLE, "a write that was being read was lost; try again");
            }
        } finally {
            lock.unlock();
        }
    }
}
