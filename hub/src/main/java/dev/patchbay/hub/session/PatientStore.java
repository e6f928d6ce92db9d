package dev.patchbay.hub.session;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.TurnCommit;
import dev.patchbay.hub.store.TurnEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as those need it who cannot turn back: what it cannot do now is tried again twice a second, until it can or the hub stops. A message that was
 * accepted must not wait for the next start because the disk was away for a moment. Safe for many threads.
 */
public final class PatientStore {
    private static final Logger log = LoggerFactory.getLogger(PatientStore.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration TOLD_EVERY = Duration.ofSeconds(30);

    private final Store store;
    private final Stopwatch stopwatch;
    private final CountDownLatch stop;
    private final Seldom told;

    /** Something that needs the store. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Makes the store of patience.
     *
     * @param stop opens when the hub stops
     */
    public PatientStore(Store store, Stopwatch stopwatch, CountDownLatch stop) {
        this.store = store;
        this.stopwatch = stopwatch;
        this.stop = stop;
        this.told = new Seldom(TOLD_EVERY, stopwatch::nanos);
    }

    /**
     * Does it, however often it takes; it must do no harm to begin it again.
     *
     * @param what for the log
     * @throws StoreException if no waiting helps, or the hub stops
     */
    public <T> T insist(String what, Work<T> work) throws InterruptedException {
        while (true) {
            try {
                return work.run();
            } catch (StoreException trouble) {
                boolean helpsToWait =
                        switch (trouble.kind()) {
                            case NO_ROOM, UNAVAILABLE -> true;
                            case CONFLICT, BAD_CURSOR, REFUSED, DAMAGED -> false;
                        };
                if (!helpsToWait || stopwatch.await(stop, PAUSE)) {
                    throw trouble;
                }
                told.tell(more -> log.warn("{} waits for the store{}: {}", what, more, trouble.getMessage()));
            }
        }
    }

    /**
     * Ends a turn.
     *
     * @return empty if the message has been taken out of the inbox, by somebody else
     * @throws StoreException if it was not stored before the hub stops
     */
    Optional<TurnCommit> complete(TurnEnd end) throws InterruptedException {
        return insist("The turn of message " + end.messageId(), () -> {
            try {
                return Optional.of(store.completeTurn(end));
            } catch (StoreException trouble) {
                if (trouble.kind() != StoreException.Kind.CONFLICT) {
                    throw trouble;
                }
                return found(end);
            }
        });
    }

    /**
     * Ends a turn that the hub began by itself.
     *
     * @param isRepeat true if this very end may have been stored before
     * @return empty if it has ended before, or what is besides does not fit any more
     * @throws StoreException as {@link #complete(TurnEnd)}
     */
    Optional<TurnCommit> complete(TurnEnd end, Besides besides, boolean isRepeat) throws InterruptedException {
        var isDenied = new AtomicBoolean(isRepeat);
        return insist("The turn of message " + end.messageId(), () -> {
            try {
                return Optional.of(store.completeOwnTurn(end, besides));
            } catch (StoreException trouble) {
                if (trouble.kind() == StoreException.Kind.CONFLICT) {
                    // Ours only if we have tried before.
                    return isDenied.get() ? found(end) : Optional.empty();
                }
                isDenied.set(true);
                throw trouble;
            }
        });
    }

    /** The commit of this very end, if it was stored although the store, in trouble, has denied it. */
    private Optional<TurnCommit> found(TurnEnd end) throws InterruptedException {
        var lines = new ArrayList<Long>();
        for (NewLine each : end.lines()) {
            store.line(each.lineId()).map(StoredLine::seq).ifPresent(lines::add);
        }
        var queued = new HashMap<String, Long>();
        for (StoredDelivery each : store.deliveriesOf(end.messageId())) {
            queued.put(each.ref().deliveryId(), each.ref().seq());
        }
        List<Long> deliveries = end.deliveries().stream()
                .map(NewDelivery::deliveryId)
                .filter(queued::containsKey)
                .map(queued::get)
                .toList();
        boolean isOurs = !end.lines().isEmpty()
                && lines.size() == end.lines().size()
                && deliveries.size() == end.deliveries().size();
        return isOurs ? Optional.of(new TurnCommit(lines, deliveries)) : Optional.empty();
    }
}
