package dev.patchbay.hub.store;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether the disk has room for more; looks at most once a second. Safe for many threads. */
final class Room implements Supplier<@Nullable StoreException> {
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier freeBytes;
    private final long minFreeBytes;
    private volatile Seen seen;

    private record Seen(long bytes, long atNanos) {}

    Room(LongSupplier freeBytes, long minFreeBytes) {
        this.freeBytes = freeBytes;
        this.minFreeBytes = minFreeBytes;
        this.seen = look();
    }

    long freeBytes() {
        Seen last = seen;
        if (System.nanoTime() - last.atNanos() >= LOOK_EVERY_NANOS) {
            last = look();
            seen = last;
        }
        return last.bytes();
    }

    /** What to say to those who want to add something; null if there is room. */
    @Override
    public @Nullable StoreException get() {
        long free = freeBytes();
        if (free >= minFreeBytes) {
            return null;
        }
        return new StoreException(
                StoreException.Kind.NO_ROOM,
                "the disk has " + free / 1_000_000 + " MB left, less than store.min-free (" + minFreeBytes / 1_000_000
                        + " MB); make room");
    }

    private Seen look() {
        return new Seen(freeBytes.getAsLong(), System.nanoTime());
    }
}
