package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries are open, in which lane, and whose turn it is. Memory only: the rows are the truth. Every method holds the one
 * lock for a short time and none of them does I/O; safe for many threads.
 *
 * <p>A lane is idle (its head waits for a moment), ready (its head is due and waits for a free place of its account) or active
 * (one thread sends from it).
 */
final class LaneBook {
    private final Map<LaneKey, Lane> lanes = new HashMap<>();
    private final Map<Account, AccountQueue> accounts = new LinkedHashMap<>();
    private final Map<String, Integer> depths = new HashMap<>();
    private final int activeMax;
    private int active;

    /** One configured account. */
    record Account(String channel, String accountId) {
        static Account of(LaneKey lane) {
            return new Account(lane.channel(), lane.accountId());
        }
    }

    /** What the thread of an active lane does next. */
    sealed interface Step {
        record Send(QueuedDelivery delivery) implements Step {}

        /** Its time to live is over. */
        record Expire(QueuedDelivery delivery) implements Step {}

        /** The lane went idle; wake it then. */
        record Sleep(Instant until) implements Step {}

        /** The lane has given up its place: it ended, or others wait and it had its share. */
        record Leave() implements Step {}
    }

    private enum State {
        IDLE,
        READY,
        ACTIVE
    }

    private static final class Lane {
        final LaneKey key;
        final ArrayDeque<QueuedDelivery> queue = new ArrayDeque<>(2);
        State state = State.IDLE;

        Lane(LaneKey key) {
            this.key = key;
        }
    }

    private static final class AccountQueue {
        final ArrayDeque<Lane> ready = new ArrayDeque<>();
        int active;
        Instant notBefore = Instant.MIN;
    }

    /**
     * A book without deliveries.
     *
     * @param activeMax most lanes of one account that are being sent from at once
     */
    LaneBook(int activeMax) {
        this.activeMax = activeMax;
    }

    /** Adds an open delivery behind all older ones of its lane; a moment to wake the lane at, if it is not ready now. */
    synchronized Optional<Instant> add(QueuedDelivery delivery, Instant now) {
        Lane lane = lanes.computeIfAbsent(delivery.lane, Lane::new);
        insertBySeq(lane, delivery);
        depths.merge(delivery.lane.channel(), 1, Integer::sum);
        return settle(lane, now);
    }

    /** The lane's moment has come, or somebody says so; a moment to wake it at, if it has not. */
    synchronized Optional<Instant> wake(LaneKey key, Instant now) {
        Lane lane = lanes.get(key);
        return lane == null ? Optional.empty() : settle(lane, now);
    }

    /** Gives a ready lane of the account to the caller's thread; null if none is ready or the account has no free place. */
    synchronized @Nullable LaneKey activate(Account account, Instant now) {
        AccountQueue queue = accounts.get(account);
        if (queue == null || queue.active >= activeMax || now.isBefore(queue.notBefore)) {
            return null;
        }
        Lane lane = queue.ready.poll();
        if (lane == null) {
            return null;
        }
        lane.state = State.ACTIVE;
        queue.active++;
        active++;
        return lane.key;
    }

    /** What the active lane does next; its head becomes busy. {@code hadShare} lets others go first if they wait. */
    synchronized Step next(LaneKey key, Instant now, boolean hadShare) {
        Lane lane = active(key);
        QueuedDelivery head = lane.queue.peek();
        if (head == null) {
            leave(lane);
            lanes.remove(key);
            return new Step.Leave();
        }
        if (head.busy) {
            // Somebody is ending it; whoever does that settles the lane afterwards.
            leave(lane);
            return new Step.Leave();
        }
        AccountQueue account = account(key);
        boolean expired = !now.isBefore(head.expiresAt) && head.unsaved == null;
        Instant due = later(head.notBefore, account.notBefore);
        if (!expired && now.isBefore(due)) {
            leave(lane);
            return new Step.Sleep(due);
        }
        if (hadShare && !account.ready.isEmpty() && account.active >= activeMax) {
            leave(lane);
            makeReady(lane);
            return new Step.Leave();
        }
        head.busy = true;
        return expired ? new Step.Expire(head) : new Step.Send(head);
    }

    /** The active lane cannot go on now, for instance because its account is not open: it stays ready. */
    synchronized void giveBack(LaneKey key, @Nullable QueuedDelivery head) {
        Lane lane = active(key);
        if (head != null) {
            head.busy = false;
        }
        leave(lane);
        makeReady(lane);
    }

    /** The head stays open; it may be tried again from its {@code notBefore} on. */
    synchronized void postpone(QueuedDelivery delivery) {
        delivery.busy = false;
    }

    /** The delivery is not open any more; a moment to wake its lane at, if it has more that is not due. */
    synchronized Optional<Instant> remove(QueuedDelivery delivery, Instant now) {
        Lane lane = lanes.get(delivery.lane);
        if (lane == null || !lane.queue.remove(delivery)) {
            return Optional.empty();
        }
        depths.merge(delivery.lane.channel(), -1, Integer::sum);
        if (lane.queue.isEmpty() && lane.state == State.IDLE) {
            lanes.remove(lane.key);
            return Optional.empty();
        }
        return settle(lane, now);
    }

    /** All lanes of an account wait until then; a later moment wins. */
    synchronized void pause(Account account, Instant until) {
        AccountQueue queue = accounts.computeIfAbsent(account, unused -> new AccountQueue());
        queue.notBefore = later(queue.notBefore, until);
    }

    /** Accounts in which a lane is ready. */
    synchronized List<Account> readyAccounts() {
        return accounts.entrySet().stream()
                .filter(each -> !each.getValue().ready.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Takes deliveries whose time is over and that nobody is busy with; they become busy. */
    synchronized List<QueuedDelivery> takeExpired(Instant now, int most) {
        var expired = new ArrayList<QueuedDelivery>();
        for (Lane lane : lanes.values()) {
            for (QueuedDelivery each : lane.queue) {
                if (!each.busy && each.unsaved == null && !now.isBefore(each.expiresAt)) {
                    each.busy = true;
                    expired.add(each);
                    if (expired.size() >= most) {
                        return expired;
                    }
                }
            }
        }
        return expired;
    }

    /** Takes a delivery out of its thread's reach so that it can be ended or made due; null if it is busy or not open. */
    synchronized @Nullable QueuedDelivery take(LaneKey key, String deliveryId) {
        Lane lane = lanes.get(key);
        if (lane == null) {
            return null;
        }
        for (QueuedDelivery each : lane.queue) {
            if (each.id.equals(deliveryId) && !each.busy && each.unsaved == null) {
                each.busy = true;
                return each;
            }
        }
        return null;
    }

    /** The oldest delivery of a channel that nobody is busy with; it becomes busy. */
    synchronized @Nullable QueuedDelivery takeOldest(String channel) {
        QueuedDelivery oldest = lanes.values().stream()
                .filter(lane -> lane.key.channel().equals(channel))
                .flatMap(lane -> lane.queue.stream()
                        .filter(each -> !each.busy && each.unsaved == null)
                        .limit(1))
                .min(Comparator.comparingLong(each -> each.seq))
                .orElse(null);
        if (oldest != null) {
            oldest.busy = true;
        }
        return oldest;
    }

    /** Gives back what was taken and not ended; a moment to wake its lane at. */
    synchronized Optional<Instant> putBack(QueuedDelivery delivery, Instant now) {
        delivery.busy = false;
        Lane lane = lanes.get(delivery.lane);
        return lane == null ? Optional.empty() : settle(lane, now);
    }

    synchronized boolean isEmpty(LaneKey key) {
        return !lanes.containsKey(key);
    }

    synchronized int depth(String channel) {
        return depths.getOrDefault(channel, 0);
    }

    /** How many are open in an account, and since when the oldest has been. */
    synchronized QueueDepth depth(Account account) {
        int count = 0;
        Instant oldest = Instant.MAX;
        for (Lane lane : lanes.values()) {
            if (Account.of(lane.key).equals(account)) {
                count += lane.queue.size();
                QueuedDelivery head = lane.queue.peek();
                if (head != null && head.createdAt.isBefore(oldest)) {
                    oldest = head.createdAt;
                }
            }
        }
        return new QueueDepth(count, count == 0 ? Optional.empty() : Optional.of(oldest));
    }

    synchronized Duration oldest(String channel, Instant now) {
        return lanes.values().stream()
                .filter(lane -> lane.key.channel().equals(channel) && !lane.queue.isEmpty())
                .map(lane -> lane.queue.getFirst().createdAt)
                .min(Comparator.naturalOrder())
                .map(oldest -> Duration.between(oldest, now))
                .orElse(Duration.ZERO);
    }

    /** Waits until no lane is active; false if one still is when the wait is over. */
    synchronized boolean awaitQuiet(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (active > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return true;
    }

    private Optional<Instant> settle(Lane lane, Instant now) {
        QueuedDelivery head = lane.queue.peek();
        if (lane.state != State.IDLE || head == null || head.busy) {
            return Optional.empty();
        }
        if (now.isBefore(head.notBefore)) {
            return Optional.of(head.notBefore);
        }
        makeReady(lane);
        return Optional.empty();
    }

    private void makeReady(Lane lane) {
        lane.state = State.READY;
        account(lane.key).ready.add(lane);
    }

    private void leave(Lane lane) {
        lane.state = State.IDLE;
        account(lane.key).active--;
        active--;
        if (active == 0) {
            notifyAll();
        }
    }

    private Lane active(LaneKey key) {
        Lane lane = lanes.get(key);
        if (lane == null || lane.state != State.ACTIVE) {
            throw new IllegalStateException("lane " + key + " is not active");
        }
        return lane;
    }

    private AccountQueue account(LaneKey key) {
        return accounts.computeIfAbsent(Account.of(key), unused -> new AccountQueue());
    }

    private static void insertBySeq(Lane lane, QueuedDelivery delivery) {
        QueuedDelivery last = lane.queue.peekLast();
        if (last == null || last.seq < delivery.seq) {
            lane.queue.addLast(delivery);
            return;
        }
        // A dead letter that was retried comes back among younger ones, but never overtakes the one being sent.
        var younger = new ArrayDeque<QueuedDelivery>();
        while (!lane.queue.isEmpty() && lane.queue.getLast().seq > delivery.seq && !lane.queue.getLast().busy) {
            younger.addFirst(lane.queue.removeLast());
        }
        lane.queue.addLast(delivery);
        lane.queue.addAll(younger);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
