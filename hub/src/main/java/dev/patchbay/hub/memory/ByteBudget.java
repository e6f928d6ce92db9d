package dev.patchbay.hub.memory;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that big things may occupy together. Small ones are free: they are bounded by their number. Who comes first is served first.
 * Safe for many threads.
 */
public final class ByteBudget {
    /** Up to here a thing is small. */
    public static final int FREE_BYTES = 64 * 1024;

    /** One byte of a body is there several times at once: as it came, parsed, as text, as it is stored. */
    public static final int COPIES = 8;

    private static final int UNIT = 1024;

    private final int units;
    private final Semaphore free;

    /**
     * A budget for so many bytes of bodies.
     *
     * @param bytes one body larger than that takes all of it
     */
    public ByteBudget(long bytes) {
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /**
     * A budget that with all copies of its bodies needs at most a part of the largest heap.
     *
     * @param part like 0.2
     */
    public static ByteBudget ofHeap(double part) {
        return new ByteBudget((long) (Runtime.getRuntime().maxMemory() * part / COPIES));
    }

    /** What one thing occupies. For one thread at a time; to be closed by whoever has it last. */
    public final class Share implements AutoCloseable {
        private int taken;

        private Share() {}

        /**
         * The thing is as big as this now; it never shrinks.
         *
         * @return false if there is no room for that yet: nothing has changed
         */
        public boolean grow(long bytesNow, Duration wait) throws InterruptedException {
            int needed = needed(bytesNow);
            if (needed > taken && !free.tryAcquire(needed - taken, wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            taken = Math.max(taken, needed);
            return true;
        }

        /** As {@link #grow}, for as long as it takes. */
        public void await(long bytesNow) throws InterruptedException {
            int needed = needed(bytesNow);
            if (needed > taken) {
                free.acquire(needed - taken);
                taken = needed;
            }
        }

        /** Gives all back. Closed again, does nothing. */
        @Override
        public void close() {
            free.release(taken);
            taken = 0;
        }
    }

    /** A share of nothing, to grow. */
    public Share share() {
        return new Share();
    }

    /** A share of so many bytes; null if there is no room within the wait. */
    public @Nullable Share take(long bytes, Duration wait) throws InterruptedException {
        Share share = share();
        return share.grow(bytes, wait) ? share : null;
    }

    /** A share of so many bytes, as soon as there is room. */
    public Share await(long bytes) throws InterruptedException {
        Share share = share();
        share.await(bytes);
        return share;
    }

    /** Bytes of bodies that there is room for. */
    public long left() {
        return (long) free.availablePermits() * UNIT;
    }

    private int needed(long bytes) {
        return bytes <= FREE_BYTES ? 0 : (int) Math.min(units, Math.ceilDiv(bytes, UNIT));
    }
}
