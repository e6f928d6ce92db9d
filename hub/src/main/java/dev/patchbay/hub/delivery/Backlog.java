package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What is open in the store when a hub starts, read by two readers while the rest of the hub still gets ready. Nothing may be queued before
 * {@link Deliveries#start} has taken it up. For one reader.
 */
public final class Backlog {
    private static final int PAGE = 1_000;

    /** So many are read ahead by each; the others when these have been taken. */
    private static final int PAGES_AHEAD = 256;

    private static final DeliveryFilter OPEN = new DeliveryFilter(
            Set.of(DeliveryState.PENDING, DeliveryState.SENDING),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** What is read by one reader and by the other, in this order. */
    private final List<BlockingQueue<Piece>> halves =
            List.of(new ArrayBlockingQueue<>(PAGES_AHEAD), new ArrayBlockingQueue<>(PAGES_AHEAD));

    private int half;

    private sealed interface Piece {
        record Page(List<DeliveryRef> refs) implements Piece {}

        record End(@Nullable RuntimeException trouble) implements Piece {}
    }

    private Backlog() {}

    /** Begins to read. */
    public static Backlog of(Store store, Executor threads) {
        var backlog = new Backlog();
        threads.execute(() -> backlog.readFirst(store, threads));
        return backlog;
    }

    /**
     * The next ones in the order in which they were queued, waiting for them; empty when there are no more.
     *
     * @throws StoreException if they cannot be read
     */
    List<DeliveryRef> next() throws InterruptedException {
        while (half < halves.size()) {
            switch (halves.get(half).take()) {
                case Piece.Page(var refs) -> {
                    return refs;
                }
                case Piece.End(var trouble) when trouble != null -> throw trouble;
                case Piece.End end -> half++;
            }
        }
        return List.of();
    }

    /** The older half, or all if they are few. */
    private void readFirst(Store store, Executor threads) {
        BlockingQueue<Piece> second = halves.get(1);
        read(halves.getFirst(), pieces -> {
            List<DeliveryRef> page = store.openDeliveries(0, PAGE);
            long middle = page.size() == PAGE ? middle(store, page.getLast().seq()) : Long.MAX_VALUE;
            if (middle < Long.MAX_VALUE) {
                threads.execute(() -> read(second, rest -> readOn(store, middle, Long.MAX_VALUE, rest)));
            } else {
                second.put(new Piece.End(null));
            }
            put(page, middle, pieces);
            if (!page.isEmpty()) {
                readOn(store, page.getLast().seq(), middle, pieces);
            }
        });
    }

    /** Half way to the newest one; the end of all if that cannot be told. */
    private static long middle(Store store, long first) throws InterruptedException {
        return store.deliveries(OPEN, 1, Optional.empty()).items().stream()
                .mapToLong(newest -> first + (newest.ref().seq() - first) / 2)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static void readOn(Store store, long after, long last, BlockingQueue<Piece> pieces)
            throws InterruptedException {
        long read = after;
        while (read < last) {
            List<DeliveryRef> page = store.openDeliveries(read, PAGE);
            if (page.isEmpty()) {
                return;
            }
            put(page, last, pieces);
            read = page.getLast().seq();
        }
    }

    private static void put(List<DeliveryRef> page, long last, BlockingQueue<Piece> pieces)
            throws InterruptedException {
        List<DeliveryRef> mine = page.isEmpty() || page.getLast().seq() <= last
                ? page
                : page.stream().filter(each -> each.seq() <= last).toList();
        if (!mine.isEmpty()) {
            pieces.put(new Piece.Page(mine));
        }
    }

    /** Reads something of the store. */
    @FunctionalInterface
    private interface Reading {
        void into(BlockingQueue<Piece> pieces) throws InterruptedException;
    }

    private static void read(BlockingQueue<Piece> pieces, Reading reading) {
        try {
            RuntimeException trouble = null;
            try {
                reading.into(pieces);
            } catch (RuntimeException any) {
                trouble = any;
            }
            pieces.put(new Piece.End(trouble));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
