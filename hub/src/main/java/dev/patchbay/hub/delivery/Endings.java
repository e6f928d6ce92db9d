package dev.patchbay.hub.delivery;

import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.AttemptEnd;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends deliveries without sending them: too old, too many, not wanted any more. Safe for many threads; blocks for the store. */
final class Endings {
    private static final Logger log = LoggerFactory.getLogger(Endings.class);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

    private final LaneBook book;
    private final Store store;
    private final Meters meters;
    private final Clock clock;
    private final Seldom storeTold = new Seldom();
    private final Consumer<Account> dispatch;

    /**
     * Ends deliveries of a book.
     *
     * @param dispatch told when an account's next delivery may go
     */
    Endings(LaneBook book, Store store, Meters meters, Clock clock, Consumer<Account> dispatch) {
        this.book = book;
        this.store = store;
        this.meters = meters;
        this.clock = clock;
        this.dispatch = dispatch;
    }

    /** Ends a busy delivery; puts it back and answers false if the store will not take that now. */
    boolean end(QueuedDelivery busy, DeliveryState state, String reason) {
        Instant now = clock.instant();
        boolean ended = false;
        try {
            store.attemptEnded(new AttemptEnd(
                    busy.id,
                    state,
                    busy.attempts,
                    busy.partsDone,
                    state.word(),
                    reason,
                    null,
                    now,
                    now,
                    // One whose second attempt was cut off may have arrived twice.
                    busy.repeated || (busy.uncertain && busy.attempts > 1)));
            meters.outbound(busy.lane.channel(), state.word());
            ended = true;
        } catch (StoreException notStored) {
            storeTold.tell(
                    more -> log.warn("Delivery {} could not be ended{}: {}", busy.id, more, notStored.getMessage()));
            busy.notBefore = now.plus(STORE_PAUSE);
            busy.notEndedBefore = busy.notBefore;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (ended) {
            book.remove(busy, now);
        } else {
            book.putBack(busy, now);
        }
        dispatch.accept(Account.of(busy.lane));
        return ended;
    }
}
