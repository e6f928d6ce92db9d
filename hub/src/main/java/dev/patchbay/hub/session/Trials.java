package dev.patchbay.hub.session;

import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a turn until it is through, or has broken the hub too often. Called by threads of lanes. */
final class Trials {
    private static final Logger log = LoggerFactory.getLogger(Trials.class);

    /** A turn that the hub itself breaks so often is not tried again. */
    private static final int TRIES = 3;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Turns turns;
    private final Callers callers;
    private final Store store;
    private final Deliveries deliveries;
    private final Clock clock;
    private final Stopwatch stopwatch;
    private final CountDownLatch stop;

    /**
     * @param stop opens when the hub stops; nothing is tried again then
     */
    Trials(Turns turns, Callers callers, Store store, Deliveries deliveries, World world, CountDownLatch stop) {
        this.turns = turns;
        this.callers = callers;
        this.store = store;
        this.deliveries = deliveries;
        this.clock = world.clock();
        this.stopwatch = world.stopwatch();
        this.stop = stop;
    }

    /** The lane goes on when the messages are through: those behind them must not overtake them, neither now nor after a start. */
    void run(List<Waiting> messages, Halt halt, Optional<ChatCommands.Said> said) throws InterruptedException {
        run(messages, true, halt, said);
    }

    private void run(List<Waiting> messages, boolean areKept, Halt halt, Optional<ChatCommands.Said> said)
            throws InterruptedException {
        boolean mayUseKept = areKept;
        for (int broken = 0; broken < TRIES; ) {
            try {
                turn(messages, mayUseKept, halt, said);
                return;
            } catch (StoreException trouble) {
                log.warn(
                        "Message {} waits for the store: {}", messages.getLast().id(), trouble.getMessage());
                broken += trouble.kind() == StoreException.Kind.UNAVAILABLE
                                || trouble.kind() == StoreException.Kind.NO_ROOM
                        ? 0
                        : 1;
            } catch (InterruptedException stopped) {
                messages.forEach(each -> callers.unended(each, TurnOutcome.Status.SHUTTING_DOWN));
                throw stopped;
            } catch (RuntimeException | Error bug) {
                broken++;
                log.error("The turn of message {} broke", messages.getLast().id(), bug);
            }
            // From now on the row is the truth: the turn may have been stored before it broke.
            mayUseKept = false;
            if (stopwatch.await(stop, PAUSE)) {
                messages.forEach(each -> callers.unended(each, TurnOutcome.Status.NOT_STORED));
                return;
            }
            if (broken > 0 && messages.size() > 1) {
                // One of them may be what breaks it; the others must not go down with it.
                for (Waiting each : messages) {
                    run(List.of(each), false, halt, said);
                }
                return;
            }
        }
        giveUp(messages.getFirst());
    }

    private void turn(List<Waiting> messages, boolean areKept, Halt halt, Optional<ChatCommands.Said> said)
            throws InterruptedException {
        var pending = new ArrayList<Turns.Pending>(messages.size());
        for (Waiting each : messages) {
            Turns.Pending message = areKept && each.kept() != null ? each.kept() : turns.read(each.id());
            if (message == null) {
                deliveries.takeUp(each.id());
                TurnLines.ended(store, each.id())
                        .ifPresentOrElse(callers::complete, () -> callers.unended(each, TurnOutcome.Status.FORGOTTEN));
            } else {
                pending.add(message);
            }
        }
        if (pending.isEmpty()) {
            return;
        }
        turns.run(new Turns.Task(pending, halt, said), callers);
    }

    private void giveUp(Waiting message) throws InterruptedException {
        String messageId = message.id();
        log.error("Message {} is set aside: its turn broke {} times", messageId, TRIES);
        try {
            store.setAside(messageId, "its turn broke " + TRIES + " times", clock.instant());
        } catch (StoreException notStored) {
            log.error("Message {} stays in the inbox until the next start: {}", messageId, notStored.getMessage());
        } finally {
            callers.unended(message, TurnOutcome.Status.FORGOTTEN);
        }
    }
}
