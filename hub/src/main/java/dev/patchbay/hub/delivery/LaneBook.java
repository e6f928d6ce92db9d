package dev.patchbay.hub.delivery;

import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.Pacing;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries are open, in which lane, and whose turn it is. Memory only: the rows are the truth. Every method holds the one
 * lock for a short time and none of them does I/O; safe for many threads.
 *
 * <p>A lane is idle (its head waits for a moment), ready (its head is due; it waits for its pace, or for a free place of its
 * account) or active (one thread sends from it). Only an active one has a thread.
 */
final class LaneBook {
    private final Map<Account, AccountQueue> accounts = new LinkedHashMap<>();
    private final OpenDeliveries open = new OpenDeliveries();
    private int activeMax;
    private int active;

    /** Somebody waits until no lane is active. */
    private @Nullable CountDownLatch quiet;

    /** What somebody who wants to send from an account does next. */
    sealed interface Turn {
        /** Works on this lane, which is active now. */
        record Go(LaneKey lane) implements Turn {}

        /** Nothing; comes again at that moment, if there is one. */
        record Rest(Optional<Instant> alarm) implements Turn {}
    }

    /** What the thread of an active lane does next. */
    sealed interface Step {
        record Send(QueuedDelivery delivery) implements Step {}

        /** Its time to live is over. */
        record Expire(QueuedDelivery delivery) implements Step {}

        /** The lane has given up its place: it ended, must wait, or others wait and it had its share. */
        record Leave() implements Step {}
    }

    /** What the store knows of an account's pace: notes by name, and what was sent lately. */
    record Memory(Map<String, PaceNote> notes, List<Past> sends) {}

    /** A send of before the restart. */
    record Past(PeerQueue.Key peer, Instant at) {}

    /**
     * A book without deliveries.
     *
     * @param activeMax most lanes of one account that are being sent from at once
     */
    LaneBook(int activeMax) {
        this.activeMax = activeMax;
    }

    /** From now on so many lanes of one account are sent from at once at most; those that are, go on. */
    synchronized void limit(int lanes) {
        activeMax = lanes;
    }

    // ---- what is open

    /** Adds an open delivery behind all older ones of its lane. */
    synchronized void add(QueuedDelivery delivery, Instant now) {
        open.add(delivery);
        account(delivery.lane).add(delivery, now);
    }

    /** Whether an open delivery has been added. */
    synchronized boolean holds(DeliveryRef delivery) {
        return open.holds(delivery.lane().channel(), delivery.seq());
    }

    /** As {@link #add}, but one that is there already stays as it is. */
    synchronized void addIfAbsent(QueuedDelivery delivery, Instant now) {
        if (!open.holds(delivery.lane.channel(), delivery.seq)) {
            add(delivery, now);
        }
    }

    /** The delivery is not open any more. */
    synchronized void remove(QueuedDelivery delivery, Instant now) {
        AccountQueue account = account(delivery.lane);
        Lane lane = account.find(delivery.lane);
        if (lane == null || !lane.remove(delivery)) {
            return;
        }
        open.remove(delivery);
        account.settle(lane, now);
    }

    /** The head stays open; it may be tried again from its {@code notBefore} on. */
    synchronized void postpone(QueuedDelivery delivery) {
        delivery.busy = false;
    }

    /** Takes deliveries whose time is over and that nobody is busy with; they become busy. */
    synchronized List<QueuedDelivery> takeExpired(Instant now, int most) {
        return open.takeExpired(now, most);
    }

    /** Deliveries that nobody is busy with and whose last outcome the store has not taken. */
    synchronized List<QueuedDelivery> unsaved() {
        return open.idle().filter(each -> each.unsaved != null).toList();
    }

    /** Takes a delivery out of its thread's reach so that it can be ended or made due; null if it is busy or not open. */
    synchronized @Nullable QueuedDelivery take(LaneKey key, String deliveryId) {
        Lane lane = account(key).find(key);
        if (lane == null) {
            return null;
        }
        for (QueuedDelivery each : lane.queue) {
            if (each.id.equals(deliveryId) && each.isFree()) {
                each.busy = true;
                return each;
            }
        }
        return null;
    }

    /** The oldest delivery of a channel that nobody is busy with; it becomes busy. */
    synchronized @Nullable QueuedDelivery takeOldest(String channel) {
        return open.takeOldest(channel);
    }

    /** Gives back what was taken and not ended. */
    synchronized void putBack(QueuedDelivery delivery, Instant now) {
        delivery.busy = false;
        open.expiresAgain(delivery);
        AccountQueue account = account(delivery.lane);
        Lane lane = account.find(delivery.lane);
        if (lane != null) {
            account.settle(lane, now);
        }
    }

    /** Lets go of the bodies of deliveries that nobody is busy with; they are read again. */
    synchronized void forgetBodies() {
        open.idle().forEach(each -> each.body = null);
    }

    synchronized int depth(String channel) {
        return open.depth(channel);
    }

    /** How many are open in an account, and since when the oldest has been. Looks at every lane of the account. */
    synchronized QueueDepth depth(Account account) {
        int count = 0;
        Instant oldest = Instant.MAX;
        AccountQueue queue = accounts.get(account);
        for (Lane lane : queue == null ? List.<Lane>of() : queue.lanes()) {
            count += lane.queue.size();
            QueuedDelivery head = lane.queue.peek();
            if (head != null && head.createdAt.isBefore(oldest)) {
                oldest = head.createdAt;
            }
        }
        return new QueueDepth(count, count == 0 ? Optional.empty() : Optional.of(oldest));
    }

    synchronized Duration oldest(String channel, Instant now) {
        return open.oldest(channel, now);
    }

    /** Whether a lane has something that is not delivered yet. */
    synchronized boolean isBusy(LaneKey key) {
        AccountQueue queue = accounts.get(Account.of(key));
        Lane lane = queue == null ? null : queue.find(key);
        return lane != null && !lane.queue.isEmpty();
    }

    // ---- turns

    /** Accounts that have open deliveries. */
    synchronized List<Account> accounts() {
        return accounts.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Gives a ready lane of the account to the caller's thread, if one may send now. */
    synchronized Turn activate(Account account, Pacing pacing, Instant now) {
        AccountQueue queue = account(account);
        queue.pace(pacing);
        Lane lane = queue.activate(activeMax, now);
        if (lane == null) {
            return new Turn.Rest(Optional.ofNullable(queue.alarm(activeMax, now)));
        }
        active++;
        return new Turn.Go(lane.key);
    }

    /** The alarm that was asked for rang. */
    synchronized void rang(Account account, Instant at) {
        account(account).rang(at);
    }

    /** What the active lane does next; its head becomes busy. {@code hadShare} lets others go first if they wait. */
    synchronized Step next(LaneKey key, Instant now, boolean hadShare) {
        Lane lane = active(key);
        QueuedDelivery head = lane.queue.peek();
        // Somebody may be ending the head; whoever does that settles the lane afterwards.
        if (head != null && !head.busy) {
            boolean expired =
                    !now.isBefore(head.expiresAt) && !now.isBefore(head.notEndedBefore) && head.unsaved == null;
            boolean due = expired || !now.isBefore(head.notBefore);
            if (due && !account(key).mustLeave(lane, hadShare, activeMax, now)) {
                head.busy = true;
                return expired ? new Step.Expire(head) : new Step.Send(head);
            }
        }
        leave(lane, now);
        return new Step.Leave();
    }

    /** The active lane cannot go on now, for instance because its account is not open: it stays ready. */
    synchronized void giveBack(LaneKey key, @Nullable QueuedDelivery head, Instant now) {
        if (head != null) {
            head.busy = false;
        }
        leave(active(key), now);
    }

    /** Makes an empty lane active so that something can be shown in it; false if it is not the moment. */
    synchronized boolean hold(LaneKey key, Pacing pacing, Instant now) {
        AccountQueue account = account(key);
        account.pace(pacing);
        boolean held = account.hold(key, activeMax, now);
        active += held ? 1 : 0;
        return held;
    }

    /** Waits until no lane is active; false if one still is when the wait is over. */
    boolean awaitQuiet(Duration wait, Stopwatch stopwatch) throws InterruptedException {
        CountDownLatch none;
        synchronized (this) {
            if (active == 0) {
                return true;
            }
            none = new CountDownLatch(1);
            quiet = none;
        }
        return stopwatch.await(none, wait);
    }

    // ---- trouble

    /** What the active lane sent at {@code began} came to nothing; the moment of the next try if its whole account is in trouble now. */
    synchronized Optional<Instant> failed(LaneKey key, Instant began, Instant now, DeliveryPolicy policy) {
        return Optional.ofNullable(account(key).breaker().failed(active(key).peer.key, began, now, policy));
    }

    /** The platform has answered; true if its account was in trouble until now. */
    synchronized boolean worked(LaneKey key) {
        return account(key).breaker().worked();
    }

    /** 0: all is well; 1: one message at a time tries whether it is; 2: the account is left alone. */
    synchronized int trouble(Account account, Instant now) {
        return account(account).breaker().state(now);
    }

    // ---- pacing

    /** Whether each send of the active lane is counted: then it makes one at a time. */
    synchronized boolean isPaced(LaneKey key) {
        return account(key).isPaced();
    }

    /** Until when the platform wants nothing in the active lane; empty if it has no such wish now. */
    synchronized Optional<Instant> pausedUntil(LaneKey key, Instant now) {
        return account(key).pausedUntil(active(key), now);
    }

    /** The active lane sends now. */
    synchronized void sends(LaneKey key, Instant now) {
        account(key).sends(active(key), now);
    }

    /** What the active lane has sent is over; {@code answered}, if the platform has taken it. */
    synchronized void sent(LaneKey key, Instant now, boolean answered) {
        account(key).sent(active(key), now, answered);
    }

    /** The platform, asked at {@code began}, wants nothing before {@code until}; the name under which to remember it. */
    synchronized String slow(LaneKey key, Paced.Scope scope, Instant began, Instant now, Instant until) {
        AccountQueue account = account(key);
        if (scope == Paced.Scope.ACCOUNT) {
            account.slow(began, now, until);
            return AccountQueue.ITSELF;
        }
        PeerQueue peer = active(key).peer;
        account.slow(peer, began, now, until);
        return peer.key.toString();
    }

    /** What is to be remembered under a name; empty if nothing. */
    synchronized Optional<PaceNote> note(Account account, String name, Instant now) {
        return account(account).note(name, now);
    }

    /** What the store remembers of an account. */
    synchronized void recall(Account account, Memory memory, Pacing pacing, Instant now) {
        AccountQueue queue = account(account);
        queue.pace(pacing);
        memory.notes().forEach((name, note) -> queue.recall(name, note, now));
        memory.sends().forEach(each -> queue.recall(each, now));
    }

    /** Lets go of what does not matter any more; names of notes to forget, by account. */
    synchronized Map<Account, List<String>> sweep(Instant now) {
        var forgotten = new HashMap<Account, List<String>>();
        accounts.forEach((account, queue) -> {
            List<String> names = queue.sweep(now);
            if (!names.isEmpty()) {
                forgotten.put(account, names);
            }
        });
        return forgotten;
    }

    /** How many times slower than allowed an account, or its slowest peer, is sent to. */
    synchronized double factor(Account account, Instant now) {
        return account(account).factor(now);
    }

    private void leave(Lane lane, Instant now) {
        account(lane.key).leave(lane, now);
        active--;
        if (active == 0 && quiet != null) {
            quiet.countDown();
        }
    }

    private Lane active(LaneKey key) {
        Lane lane = account(key).find(key);
        if (lane == null || lane.state != Lane.State.ACTIVE) {
            throw new IllegalStateException("lane " + key + " is not active");
        }
        return lane;
    }

    private AccountQueue account(LaneKey key) {
        return account(Account.of(key));
    }

    private AccountQueue account(Account account) {
        return accounts.computeIfAbsent(account, absent -> new AccountQueue());
    }
}
