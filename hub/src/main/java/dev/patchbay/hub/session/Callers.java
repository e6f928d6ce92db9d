package dev.patchbay.hub.session;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Those who wait for the ends of turns, by message. Safe for many threads. */
final class Callers implements Turns.Audience {
    private final ConcurrentHashMap<String, List<Waiter>> waiters = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Stopwatch stopwatch;

    Callers(World world) {
        this.clock = world.clock();
        this.stopwatch = world.stopwatch();
    }

    Waiter register(String messageId) {
        var waiter = new Waiter(stopwatch);
        waiters.computeIfAbsent(messageId, unused -> new CopyOnWriteArrayList<>())
                .add(waiter);
        return waiter;
    }

    /** Nobody waits for this message any more. */
    void forget(String messageId) {
        waiters.remove(messageId);
    }

    @Override
    public boolean claims(String messageId) {
        boolean claimed = false;
        for (Waiter each : waiters.getOrDefault(messageId, List.of())) {
            claimed |= each.claim();
        }
        return claimed;
    }

    @Override
    public void complete(TurnOutcome outcome) {
        List<Waiter> who = waiters.remove(outcome.messageId());
        if (who != null) {
            who.forEach(waiter -> waiter.complete(outcome));
        }
    }

    /** Tells that there is no end of its turn, now or ever. */
    void unended(Waiting message, TurnOutcome.Status status) {
        complete(unended(message.id(), message.sessionKey(), status));
    }

    TurnOutcome unended(String messageId, String sessionKey, TurnOutcome.Status status) {
        return new TurnOutcome(messageId, sessionKey, "", status, "", null, clock.instant(), 0);
    }

    /** The hub stops: all are told. */
    void leave() {
        waiters.keySet().forEach(id -> complete(unended(id, "", TurnOutcome.Status.SHUTTING_DOWN)));
    }
}
