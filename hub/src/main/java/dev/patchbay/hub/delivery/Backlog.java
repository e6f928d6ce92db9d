package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What is open in the store when a hub starts, read while the rest of the hub still gets ready. Nothing may be queued before
 * {@link Deliveries#start} has taken it up. For one reader.
 */
public final class Backlog {
    private static final int PAGE = 1_000;

    /** So many are read ahead; the others when these have been taken. */
    private static final int PAGES_AHEAD = 256;

    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PAGES_AHEAD);

    private sealed interface Piece {
        record Page(List<DeliveryRef> refs) implements Piece {}

        record End(@Nullable RuntimeException trouble) implements Piece {}
    }

    private Backlog() {}

    /** Begins to read. */
    public static Backlog of(Store store, Executor threads) {
        var backlog = new Backlog();
        threads.execute(() -> backlog.read(store));
        return backlog;
    }

    /**
     * The next ones in the order in which they were queued, waiting for them; empty when there are no more.
     *
     * @throws StoreException if they cannot be read
     */
    List<DeliveryRef> next() throws InterruptedException {
        return switch (pieces.take()) {
            case Piece.Page(var refs) -> refs;
            case Piece.End(var trouble) when trouble != null -> throw trouble;
            case Piece.End end -> List.of();
        };
    }

    private void read(Store store) {
        try {
            RuntimeException trouble = null;
            try {
                List<DeliveryRef> page = store.openDeliveries(0, PAGE);
                while (!page.isEmpty()) {
                    pieces.put(new Piece.Page(page));
                    page = store.openDeliveries(page.getLast().seq(), PAGE);
                }
            } catch (RuntimeException any) {
                trouble = any;
            }
            pieces.put(new Piece.End(trouble));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
