package dev.patchbay.hub.session;

import dev.patchbay.hub.store.Store;
import java.util.Optional;

/** What somebody gets who hands in a message for another time. Safe for many threads. */
final class Repeats {
    private final Store store;
    private final Callers callers;

    Repeats(Store store, Callers callers) {
        this.store = store;
        this.callers = callers;
    }

    /** The turn of the message that was stored first, or what became of it. */
    PendingTurn answer(String messageId, String sessionKey, Inbox.Asker asker) throws InterruptedException {
        return switch (asker) {
            case LEAVES -> new PendingTurn(messageId, sessionKey, true, null, null);
            case WAITS_UNLESS_REPEAT -> atOnce(messageId, sessionKey);
            case WAITS -> withItsEnd(messageId, sessionKey);
        };
    }

    private PendingTurn atOnce(String messageId, String sessionKey) throws InterruptedException {
        // If the answer was handed to the first caller and lost on its way, this is how it is had again. The end is
        // looked at first: it comes with its deliveries, maybe in this moment.
        Optional<TurnOutcome> ended = TurnLines.ended(store, messageId);
        boolean isQueued = ended.isPresent()
                && !store.deliveriesOf(TurnLines.lead(store, messageId)).isEmpty();
        return new PendingTurn(messageId, sessionKey, true, null, isQueued ? null : ended.orElse(null));
    }

    private PendingTurn withItsEnd(String messageId, String sessionKey) throws InterruptedException {
        // Registered before looking: an end that comes in between is seen by one of the two.
        Waiter waiter = callers.register(messageId);
        Optional<TurnOutcome> ended = TurnLines.ended(store, messageId);
        if (ended.isEmpty() && store.inbound(messageId).isEmpty()) {
            ended = TurnLines.ended(store, messageId)
                    .or(() -> Optional.of(callers.unended(messageId, sessionKey, TurnOutcome.Status.FORGOTTEN)));
        }
        if (ended.isPresent()) {
            callers.forget(messageId);
            return new PendingTurn(messageId, ended.get().sessionKey(), true, null, ended.get());
        }
        return new PendingTurn(messageId, sessionKey, true, waiter, null);
    }
}
