package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What operators do to deliveries: try them again, give them up. Safe for many threads; blocks for the store. */
final class Interventions {
    private static final int PAGE = 1_000;

    private final LaneBook book;
    private final Store store;
    private final Endings endings;
    private final Clock clock;
    private final Consumer<QueuedDelivery> open;
    private final Consumer<Account> dispatch;

    /** Where what an operator has moved goes on. */
    record Onwards(Consumer<QueuedDelivery> open, Consumer<Account> dispatch) {}

    Interventions(LaneBook book, Store store, Endings endings, Clock clock, Onwards onwards) {
        this.book = book;
        this.store = store;
        this.endings = endings;
        this.clock = clock;
        this.open = onwards.open();
        this.dispatch = onwards.dispatch();
    }

    int retry(DeliveryFilter filter) throws InterruptedException {
        int moved = 0;
        Instant now = clock.instant();
        // Before the dead ones join them.
        List<StoredDelivery> open = allOpen(filter);
        for (List<String> page = firstPage(filter, DeliveryState.DEAD); !page.isEmpty(); ) {
            List<DeliveryRef> redriven = store.redrive(page, now);
            redriven.forEach(ref -> this.open.accept(new QueuedDelivery(ref)));
            moved += redriven.size();
            page = redriven.isEmpty() ? List.of() : firstPage(filter, DeliveryState.DEAD);
        }
        for (StoredDelivery each : open) {
            QueuedDelivery waiting = book.take(each.ref().lane(), each.ref().deliveryId());
            if (waiting != null) {
                waiting.notBefore = now;
                book.putBack(waiting, now);
                dispatch.accept(Account.of(waiting.lane));
                moved++;
            }
        }
        return moved;
    }

    int discard(DeliveryFilter filter) throws InterruptedException {
        int moved = 0;
        Instant now = clock.instant();
        for (List<String> page = firstPage(filter, DeliveryState.DEAD); !page.isEmpty(); ) {
            int ended = store.end(page, DeliveryState.DISCARDED, "discarded by an operator", now)
                    .size();
            moved += ended;
            page = ended == 0 ? List.of() : firstPage(filter, DeliveryState.DEAD);
        }
        for (StoredDelivery each : allOpen(filter)) {
            QueuedDelivery waiting = book.take(each.ref().lane(), each.ref().deliveryId());
            if (waiting != null && endings.end(waiting, DeliveryState.DISCARDED, "discarded by an operator")) {
                moved++;
            }
        }
        return moved;
    }

    private List<String> firstPage(DeliveryFilter filter, DeliveryState state) throws InterruptedException {
        if (!filter.states().isEmpty() && !filter.states().contains(state)) {
            return List.of();
        }
        return store.deliveries(with(filter, Set.of(state)), PAGE, Optional.empty()).items().stream()
                .map(each -> each.ref().deliveryId())
                .toList();
    }

    private List<StoredDelivery> allOpen(DeliveryFilter filter) throws InterruptedException {
        if (!filter.states().isEmpty() && !filter.states().contains(DeliveryState.PENDING)) {
            return List.of();
        }
        var open = new ArrayList<StoredDelivery>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<StoredDelivery> page = store.deliveries(with(filter, Set.of(DeliveryState.PENDING)), PAGE, cursor);
            open.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return open;
    }

    private static DeliveryFilter with(DeliveryFilter filter, Set<DeliveryState> states) {
        return new DeliveryFilter(
                states,
                filter.channel(),
                filter.accountId(),
                filter.toKind(),
                filter.to(),
                filter.deliveryId(),
                filter.accounts());
    }
}
