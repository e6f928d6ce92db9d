package dev.patchbay.hub.delivery;

import dev.patchbay.api.Pacing;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one account and whose turn it is. Guarded by the {@link LaneBook}.
 *
 * <p>Peers stand in line, one turn each; a peer that its pace holds back is not in the line, and a lane whose head must wait not in
 * its peer's. Both are asleep until their moment.
 */
final class AccountQueue {
    /** What the account's own note is called; peers' have a colon. */
    static final String ITSELF = "account";

    /** Our alarms and the platform's clock need not agree to the millisecond. */
    private static final Duration MARGIN = Duration.ofMillis(2);

    private static final double NOTHING = 0;

    /** What is only shown leaves half of what is allowed to messages. */
    private static final double HALF = 0.5;

    private final Map<LaneKey, Lane> lanes = new HashMap<>();
    private final Map<PeerQueue.Key, PeerQueue> peers = new HashMap<>();
    private final Line<PeerQueue> ready = new Line<>();
    private final PriorityQueue<Nap> naps = new PriorityQueue<>(Comparator.comparing(Nap::until));
    private final Pace pace = new Pace();
    private final Breaker breaker = new Breaker();
    private final Latency latency = new Latency();
    private Pacing pacing = Pacing.NONE;
    private boolean isPaced;
    private int active;
    private @Nullable Instant alarmAt;

    private record Nap(Instant until, Consumer<Instant> wake) {}

    // ---- lanes

    Collection<Lane> lanes() {
        return lanes.values();
    }

    @Nullable
    Lane find(LaneKey key) {
        return lanes.get(key);
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    void add(QueuedDelivery delivery, Instant now) {
        Lane lane = lane(delivery.lane);
        lane.insert(delivery);
        if (lane.state == Lane.State.READY) {
            // Keeps its place; it may have become urgent.
            lane.peer.ready.add(lane, lane.isUrgent());
            enlist(lane.peer, now);
        } else {
            settle(lane, now);
        }
    }

    /** Puts a lane that nobody works on where it belongs. */
    void settle(Lane lane, Instant now) {
        if (lane.state == Lane.State.ACTIVE) {
            return;
        }
        QueuedDelivery head = lane.queue.peek();
        if (head != null && !head.busy && !now.isBefore(head.notBefore)) {
            lane.state = Lane.State.READY;
            lane.peer.ready.add(lane, lane.isUrgent());
            enlist(lane.peer, now);
            return;
        }
        if (lane.state == Lane.State.READY) {
            lane.state = Lane.State.IDLE;
            lane.peer.ready.remove(lane);
            enlist(lane.peer, now);
        }
        if (head == null) {
            drop(lane, now);
        } else if (!head.busy) {
            nap(lane, head.notBefore);
        }
        // Whoever is busy with the head settles the lane afterwards.
    }

    // ---- turns

    /** Gives a ready lane to the caller; null if none may send now. */
    @Nullable
    Lane activate(int activeMax, Instant now) {
        wake(now);
        while (active < breaker.most(activeMax, now) && pace.isFree(now, NOTHING)) {
            PeerQueue peer = ready.poll();
            if (peer == null) {
                return null;
            }
            Lane lane = peer.pace.isFree(now, NOTHING) ? peer.ready.poll() : null;
            if (lane != null) {
                begin(lane, now);
            }
            enlist(peer, now);
            if (lane != null) {
                return lane;
            }
        }
        return null;
    }

    /** When to come again; null if somebody already comes then, or will be woken by something else. */
    @Nullable
    Instant alarm(int activeMax, Instant now) {
        Nap first = naps.peek();
        Instant next = first == null ? null : first.until();
        // While a message tries whether the trouble is over, its end wakes the others.
        if (!ready.isEmpty() && (active < breaker.most(activeMax, now) || breaker.isOpen(now))) {
            Instant free = breaker.freeAt(pace.freeAt(now, NOTHING));
            next = next == null || free.isBefore(next) ? free : next;
        }
        if (next == null || (alarmAt != null && !next.isBefore(alarmAt))) {
            return null;
        }
        alarmAt = next;
        return next;
    }

    /** The alarm of that moment rang. */
    void rang(Instant at) {
        if (at.equals(alarmAt)) {
            alarmAt = null;
        }
    }

    /** Whether an active lane must not send (any more) now: the platform wants nothing or fails, or it had its share and others wait. */
    boolean mustLeave(Lane lane, boolean hadShare, int activeMax, Instant now) {
        return pace.isPaused(now)
                || active > breaker.most(activeMax, now)
                || lane.peer.pace.isPaused(now)
                || (hadShare && (isPaced || (!ready.isEmpty() && active >= activeMax)));
    }

    /** Makes a lane that does not exist active, to show something in it; false if messages wait or it is not the moment. */
    boolean hold(LaneKey key, int activeMax, Instant now) {
        wake(now);
        if (lanes.containsKey(key)
                || !ready.isEmpty()
                || !breaker.isClosed()
                || active >= activeMax
                || !pace.isFree(now, HALF)) {
            return false;
        }
        PeerQueue peer = peer(new PeerQueue.Key(key.peerKind(), key.peerId()));
        if (!peer.ready.isEmpty() || !peer.pace.isFree(now, HALF)) {
            return false;
        }
        begin(lane(key), now);
        return true;
    }

    /** The active lane gives up its place. What it took and did not use is given back. */
    void leave(Lane lane, Instant now) {
        Unit unit = lane.unit;
        if (unit != null && unit.begun() == null) {
            pace.untake(unit);
            lane.peer.pace.untake(unit);
            lane.unit = null;
        } else {
            sent(lane, now, false);
        }
        lane.state = Lane.State.IDLE;
        active--;
        settle(lane, now);
        enlist(lane.peer, now);
    }

    // ---- trouble

    Breaker breaker() {
        return breaker;
    }

    // ---- pacing

    /** Takes the account's limits; the same ones change nothing. */
    void pace(Pacing now) {
        if (!now.equals(pacing)) {
            pacing = now;
            isPaced = !now.equals(Pacing.NONE);
            pace.limit(now.account());
            peers.values().forEach(this::limit);
        }
    }

    boolean isPaced() {
        return isPaced;
    }

    /** Until when the platform wants nothing in the lane; empty if it has no such wish now. */
    Optional<Instant> pausedUntil(Lane lane, Instant now) {
        return Stream.of(pace, lane.peer.pace)
                .filter(each -> each.isPaused(now))
                .map(Pace::pausedUntil)
                .max(Instant::compareTo);
    }

    /** What the active lane has taken leaves now. */
    void sends(Lane lane, Instant now) {
        if (lane.unit != null) {
            lane.unit.begin(now);
        }
    }

    /**
     * What the active lane has sent is over.
     *
     * @param answered the platform took it, so that the time it took tells something
     */
    void sent(Lane lane, Instant now, boolean answered) {
        Unit unit = lane.unit;
        if (unit == null || unit.begun() == null) {
            return;
        }
        lane.unit = null;
        if (answered) {
            latency.add(Duration.between(unit.begun(), now));
        }
        Instant latest = now.minus(latency.sure());
        unit.end((latest.isBefore(unit.begun()) ? unit.begun() : latest).plus(MARGIN));
        pace.ended(unit, now);
        lane.peer.pace.ended(unit, now);
        enlist(lane.peer, now);
    }

    /** The platform wants nothing from the account until then. */
    void slow(Instant began, Instant now, Instant until) {
        pace.slow(began, now, until);
    }

    /** The platform wants nothing for the peer until then. */
    void slow(PeerQueue peer, Instant began, Instant now, Instant until) {
        peer.pace.slow(began, now, until);
        enlist(peer, now);
    }

    /** What is to be remembered under a name. */
    Optional<PaceNote> note(String name, Instant now) {
        if (name.equals(ITSELF)) {
            return pace.note(now);
        }
        PeerQueue peer = peers.get(PeerQueue.Key.of(name));
        return peer == null ? Optional.empty() : peer.pace.note(now);
    }

    /** What the store remembers under a name. */
    void recall(String name, PaceNote note, Instant now) {
        if (name.equals(ITSELF)) {
            pace.recall(note);
            return;
        }
        PeerQueue peer = peer(PeerQueue.Key.of(name));
        peer.pace.recall(note);
        enlist(peer, now);
    }

    /** What was sent before the restart counts, too. */
    void recall(LaneBook.Past send, Instant now) {
        PeerQueue peer = peer(send.peer());
        pace.recall(send.at(), now);
        peer.pace.recall(send.at(), now);
        enlist(peer, now);
    }

    /** Lets go of peers of which nothing matters any more; the names of notes that can be forgotten. */
    List<String> sweep(Instant now) {
        var forgotten = new ArrayList<String>();
        if (pace.forgets(now)) {
            forgotten.add(ITSELF);
        }
        peers.values().removeIf(peer -> {
            if (peer.pace.forgets(now)) {
                forgotten.add(peer.key.toString());
            }
            return peer.lanes == 0 && peer.pace.isFresh(now);
        });
        return forgotten;
    }

    /** How many times slower than allowed the account, or its slowest peer, is sent to. */
    double factor(Instant now) {
        return Math.max(
                pace.factor(now),
                peers.values().stream()
                        .mapToDouble(each -> each.pace.factor(now))
                        .max()
                        .orElse(1));
    }

    private void wake(Instant now) {
        for (Nap due = naps.peek(); due != null && !due.until().isAfter(now); due = naps.peek()) {
            naps.poll();
            due.wake().accept(now);
        }
    }

    private void begin(Lane lane, Instant now) {
        lane.state = Lane.State.ACTIVE;
        active++;
        if (isPaced) {
            Unit unit = new Unit(now);
            lane.unit = unit;
            pace.take(unit);
            lane.peer.pace.take(unit);
        }
    }

    /** Puts a peer into the line, or to sleep, or out of it. */
    private void enlist(PeerQueue peer, Instant now) {
        if (peer.ready.isEmpty()) {
            ready.remove(peer);
            return;
        }
        Instant free = peer.pace.freeAt(now, NOTHING);
        if (free.isAfter(now)) {
            ready.remove(peer);
            nap(peer, free);
        } else {
            ready.add(peer, peer.ready.hasUrgent());
        }
    }

    private void nap(Lane lane, Instant until) {
        if (lane.napUntil == null || until.isBefore(lane.napUntil)) {
            lane.napUntil = until;
            naps.add(new Nap(until, now -> {
                lane.napUntil = until.equals(lane.napUntil) ? null : lane.napUntil;
                settle(lane, now);
            }));
        }
    }

    private void nap(PeerQueue peer, Instant until) {
        if (peer.napUntil == null || until.isBefore(peer.napUntil)) {
            peer.napUntil = until;
            naps.add(new Nap(until, now -> {
                peer.napUntil = until.equals(peer.napUntil) ? null : peer.napUntil;
                enlist(peer, now);
            }));
        }
    }

    private Lane lane(LaneKey key) {
        Lane known = lanes.get(key);
        if (known != null) {
            return known;
        }
        var lane = new Lane(key, peer(new PeerQueue.Key(key.peerKind(), key.peerId())));
        lane.peer.lanes++;
        lanes.put(key, lane);
        return lane;
    }

    private PeerQueue peer(PeerQueue.Key key) {
        return peers.computeIfAbsent(key, absent -> {
            var peer = new PeerQueue(absent);
            limit(peer);
            return peer;
        });
    }

    private void limit(PeerQueue peer) {
        peer.pace.limit(peer.key.kind().equals("direct") ? pacing.direct() : pacing.group());
    }

    private void drop(Lane lane, Instant now) {
        if (lanes.remove(lane.key, lane)) {
            lane.peer.lanes--;
            if (lane.peer.lanes == 0 && !isPaced && lane.peer.pace.isFresh(now)) {
                peers.remove(lane.peer.key, lane.peer);
            }
        }
    }
}
