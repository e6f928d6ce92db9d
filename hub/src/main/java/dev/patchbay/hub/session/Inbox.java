package dev.patchbay.hub.session;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.Showing;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.Lanes;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.memory.ByteBudget;
import dev.patchbay.hub.memory.HeapState;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.Accepted;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.InboundRef;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredInbound;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.StoredNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores messages before anybody is told that they were taken, and brings each to its turn: one at a time per session, in the
 * order of acceptance. Safe for many threads.
 */
public final class Inbox {
    private static final Logger log = LoggerFactory.getLogger(Inbox.class);

    /** Messages that wait for their turns in all sessions together. */
    private static final int WAITING_MAX = 100_000;

    /** Longer messages are not kept in memory while they wait, but read again. */
    private static final int KEPT_CHARS = 16_384;

    /** All that are kept in memory, in characters; further ones are read again. */
    private static final int KEPT_TOTAL_CHARS = 16 << 20;

    private static final int PAGE = 1_000;

    /** A turn that the hub itself breaks so often is not tried again. */
    private static final int TRIES = 3;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Store store;
    private final Turns turns;
    private final Deliveries deliveries;
    private final Lanes<String> lanes;
    private final int laneLimit;
    private final ByteBudget bodies;
    private final HeapState heap;
    private final SortableIds ids;
    private final Meters meters;
    private final Clock clock;
    private final Stopwatch stopwatch;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ConcurrentHashMap<String, List<Waiter>> waiters = new ConcurrentHashMap<>();

    /** Messages that are being stored, wait or run: their turns come without anybody's doing. */
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    /** How many messages of a session are being stored. */
    private final ConcurrentHashMap<String, Integer> arriving = new ConcurrentHashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger keptChars = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();

    /** Opens when the hub stops and no turn runs any more. */
    private final CountDownLatch quiet = new CountDownLatch(1);

    private volatile boolean stopping;

    /** A message with the decision where it belongs. */
    record Routed(
            String sessionKey,
            String agentId,
            Envelope envelope,
            Optional<DedupKey> dedup,
            Optional<StoredNote> note) {}

    /** A message on its way to its turn. */
    private record Waiting(String id, String sessionKey, int bodyBytes, Turns.@Nullable Pending kept) {}
    /** Whether somebody is going to wait for the answer, and so may take it in the queue's place. */
    enum Asker {
        LEAVES,
        /** Waits, but leaves at once if the message is a repeat, with the answer if there is one already. */
        WAITS_UNLESS_REPEAT,
        WAITS
    }

    /**
     * How messages are taken.
     *
     * @param laneLimit most messages that wait in one session
     * @param commands those that no agent is asked about
     * @param bodies what long messages may occupy together while their turns run; the others wait
     * @param heap nothing is taken while it is tight
     */
    public record Rules(int laneLimit, ChatCommands commands, ByteBudget bodies, HeapState heap) {

        /** With the usual part of the heap, and nobody who guards it. */
        public Rules(int laneLimit, ChatCommands commands) {
            this(laneLimit, commands, ByteBudget.ofHeap(0.2), HeapState.ROOMY);
        }
    }

    /** An inbox that runs no turn before {@link #start}. */
    public Inbox(
            Store store, Agents agents, Deliveries deliveries, Events events, Meters meters, World world, Rules rules) {
        this.store = store;
        this.turns = new Turns(store, agents, rules.commands(), deliveries, events, world, stop);
        this.deliveries = deliveries;
        this.lanes = new Lanes<>(world.threads(), rules.laneLimit());
        this.laneLimit = rules.laneLimit();
        this.bodies = rules.bodies();
        this.heap = rules.heap();
        this.ids = new SortableIds(world.clock(), world.random());
        this.meters = meters;
        this.clock = world.clock();
        this.stopwatch = world.stopwatch();
        meters.gauge("patchbay_inbound_waiting", Map.of(), waiting::get);
    }

    /**
     * Stores a message and gives it its place in the session's lane.
     *
     * @throws Refusal if it was not taken
     * @throws StoreException if it could not be stored
     */
    PendingTurn accept(Routed message, Asker asker) throws Refusal, InterruptedException {
        String channel = message.envelope().channel();
        if (stopping) {
            throw new Refusal(Refusal.Reason.SHUTTING_DOWN, "the hub is shutting down");
        }
        if (heap.isTight()) {
            meters.inbound(channel, "refused");
            throw new Refusal(Refusal.Reason.FULL, "memory is short; try again later");
        }
        if (waiting.get() >= WAITING_MAX || !takePlace(message.sessionKey())) {
            meters.inbound(channel, "refused");
            throw new Refusal(
                    Refusal.Reason.FULL,
                    "session " + message.sessionKey() + " has " + lanes.depth(message.sessionKey())
                            + " messages waiting; try again later, or raise sessions.lane-limit");
        }
        try {
            return store(message, asker);
        } finally {
            arriving.computeIfPresent(message.sessionKey(), (session, some) -> some == 1 ? null : some - 1);
        }
    }

    /** Whether there is room in a session's lane for one more than those that wait in it and those that are being stored. */
    private boolean takePlace(String sessionKey) {
        var isFree = new AtomicBoolean();
        arriving.compute(sessionKey, (session, some) -> {
            int before = some == null ? 0 : some;
            isFree.set(lanes.depth(session) + before < laneLimit);
            return isFree.get() ? Integer.valueOf(before + 1) : some;
        });
        return isFree.get();
    }

    private PendingTurn store(Routed message, Asker asker) throws Refusal, InterruptedException {
        String channel = message.envelope().channel();
        String id = ids.next();
        Waiter waiter = asker == Asker.LEAVES ? null : register(id);
        inHand.add(id);
        Instant now = clock.instant();
        byte[] body = message.envelope().toJson();
        Accepted accepted;
        try {
            accepted = store.accept(
                    new NewInbound(id, message.sessionKey(), message.agentId(), channel, message.dedup(), body, now),
                    message.note());
        } catch (StoreException | InterruptedException notStored) {
            waiters.remove(id);
            inHand.remove(id);
            meters.inbound(channel, "refused");
            throw notStored;
        }
        if (accepted.duplicate()) {
            waiters.remove(id);
            inHand.remove(id);
            meters.inbound(channel, "duplicate");
            if (!accepted.sameContent()) {
                throw new Refusal(
                        Refusal.Reason.INVALID, "idempotency_key", "the key was used before with other parameters");
            }
            takeUp(accepted.messageId());
            return repeat(accepted.messageId(), message.sessionKey(), asker);
        }
        meters.inbound(channel, "accepted");
        queue(new Waiting(id, message.sessionKey(), body.length, keep(id, message, now)));
        return new PendingTurn(id, message.sessionKey(), false, waiter, null);
    }

    /** Everything that its turn needs, to be had without reading it again; null if it is long, or many are kept. */
    private Turns.@Nullable Pending keep(String id, Routed message, Instant now) {
        int chars = message.envelope().text().length();
        if (chars > KEPT_CHARS) {
            return null;
        }
        if (keptChars.addAndGet(chars) > KEPT_TOTAL_CHARS) {
            keptChars.addAndGet(-chars);
            return null;
        }
        return new Turns.Pending(
                id,
                message.sessionKey(),
                message.agentId(),
                now,
                message.envelope(),
                new Showing.Left(Optional.empty()));
    }

    /** How full the inbox is, all sessions together: 1 is its limit. */
    public double filled() {
        return (double) waiting.get() / WAITING_MAX;
    }

    /** As {@link #start(Instant)}, in a hub that has never run. */
    public void start() throws InterruptedException {
        start(Instant.EPOCH);
    }

    /**
     * Brings everything that was accepted before the last stop to its lane. Called once, before anything is accepted.
     *
     * @param latest how far the hub's time had come when it ran last
     */
    public void start(Instant latest) throws InterruptedException {
        // It is written down once a minute.
        ids.startAfter(latest.plus(Duration.ofMinutes(1)));
        int found = 0;
        List<InboundRef> page = store.pendingInbound(0, PAGE);
        while (!page.isEmpty()) {
            page.forEach(ref -> {
                inHand.add(ref.messageId());
                queue(new Waiting(ref.messageId(), ref.sessionKey(), ref.bodyBytes(), null));
            });
            found += page.size();
            page = store.pendingInbound(page.getLast().seq(), PAGE);
        }
        if (found > 0) {
            log.info("Took up {} messages whose turn had not ended", found);
        }
    }

    /** Takes nothing any more, starts no turn any more, and waits for those that run; false if some still do. */
    public boolean drain(Duration wait) throws InterruptedException {
        stopping = true;
        if (running.get() > 0) {
            stopwatch.await(quiet, wait);
        }
        stop.countDown();
        waiters.keySet().forEach(id -> complete(id, unended(id, "", TurnOutcome.Status.SHUTTING_DOWN)));
        return running.get() == 0;
    }

    /** Brings a message to its lane that was stored although the store, in trouble, has denied it. */
    private void takeUp(String messageId) throws InterruptedException {
        if (!inHand.add(messageId)) {
            return;
        }
        boolean isQueued = false;
        try {
            Optional<StoredInbound> stored = store.inbound(messageId);
            isQueued = stored.isPresent();
            stored.ifPresent(row -> queue(new Waiting(messageId, row.sessionKey(), row.body().length, null)));
        } finally {
            if (!isQueued) {
                inHand.remove(messageId);
            }
        }
    }

    private void queue(Waiting message) {
        waiting.incrementAndGet();
        lanes.submitAlways(message.sessionKey(), () -> {
            waiting.decrementAndGet();
            running.incrementAndGet();
            Turns.Pending kept = message.kept();
            if (kept != null) {
                keptChars.addAndGet(-kept.envelope().text().length());
            }
            try (ByteBudget.Share memory = bodies.share()) {
                if (!stopping) {
                    memory.await(message.bodyBytes());
                }
                if (stopping) {
                    complete(
                            message.id(),
                            unended(message.id(), message.sessionKey(), TurnOutcome.Status.SHUTTING_DOWN));
                } else {
                    run(message.id(), message.sessionKey(), kept);
                }
            } finally {
                inHand.remove(message.id());
                if (running.decrementAndGet() == 0 && stopping) {
                    quiet.countDown();
                }
            }
        });
    }

    /** The lane goes on when the message is through: those behind it must not overtake it, neither now nor after a start. */
    private void run(String messageId, String sessionKey, Turns.@Nullable Pending kept) throws InterruptedException {
        Turns.Pending first = kept;
        for (int broken = 0; broken < TRIES; ) {
            try {
                turn(messageId, sessionKey, first);
                return;
            } catch (StoreException trouble) {
                log.warn("Message {} waits for the store: {}", messageId, trouble.getMessage());
                broken += trouble.kind() == StoreException.Kind.UNAVAILABLE
                                || trouble.kind() == StoreException.Kind.NO_ROOM
                        ? 0
                        : 1;
            } catch (InterruptedException stopped) {
                complete(messageId, unended(messageId, sessionKey, TurnOutcome.Status.SHUTTING_DOWN));
                throw stopped;
            } catch (RuntimeException | Error bug) {
                broken++;
                log.error("The turn of message {} broke", messageId, bug);
            }
            // From now on the row is the truth: the turn may have been stored before it broke.
            first = null;
            if (stopwatch.await(stop, PAUSE)) {
                complete(messageId, unended(messageId, sessionKey, TurnOutcome.Status.NOT_STORED));
                return;
            }
        }
        giveUp(messageId, sessionKey);
    }

    private void turn(String messageId, String sessionKey, Turns.@Nullable Pending kept) throws InterruptedException {
        Turns.Pending message = kept != null ? kept : turns.read(messageId);
        if (message == null) {
            deliveries.takeUp(messageId);
            complete(
                    messageId,
                    ended(messageId).orElseGet(() -> unended(messageId, sessionKey, TurnOutcome.Status.FORGOTTEN)));
            return;
        }
        turns.run(message, new Turns.Audience() {
            @Override
            public boolean claims() {
                boolean claimed = false;
                for (Waiter each : waiters.getOrDefault(messageId, List.of())) {
                    claimed |= each.claim();
                }
                return claimed;
            }

            @Override
            public void complete(TurnOutcome outcome) {
                Inbox.this.complete(messageId, outcome);
            }
        });
    }

    private void giveUp(String messageId, String sessionKey) throws InterruptedException {
        log.error("Message {} is set aside: its turn broke {} times", messageId, TRIES);
        try {
            store.setAside(messageId, "its turn broke " + TRIES + " times", clock.instant());
        } catch (StoreException notStored) {
            log.error("Message {} stays in the inbox until the next start: {}", messageId, notStored.getMessage());
        } finally {
            complete(messageId, unended(messageId, sessionKey, TurnOutcome.Status.FORGOTTEN));
        }
    }

    private PendingTurn repeat(String messageId, String sessionKey, Asker asker) throws InterruptedException {
        if (asker == Asker.LEAVES) {
            return new PendingTurn(messageId, sessionKey, true, null, null);
        }
        if (asker == Asker.WAITS_UNLESS_REPEAT) {
            // If the answer was handed to the first caller and lost on its way, this is how it is had again.
            boolean isQueued = !store.deliveriesOf(messageId).isEmpty();
            return new PendingTurn(
                    messageId,
                    sessionKey,
                    true,
                    null,
                    isQueued ? null : ended(messageId).orElse(null));
        }
        // Registered before looking: an end that comes in between is seen by one of the two.
        Waiter waiter = register(messageId);
        Optional<TurnOutcome> ended = ended(messageId);
        if (ended.isEmpty() && store.inbound(messageId).isEmpty()) {
            ended = ended(messageId)
                    .or(() -> Optional.of(unended(messageId, sessionKey, TurnOutcome.Status.FORGOTTEN)));
        }
        if (ended.isPresent()) {
            waiters.remove(messageId);
            return new PendingTurn(messageId, ended.get().sessionKey(), true, null, ended.get());
        }
        return new PendingTurn(messageId, sessionKey, true, waiter, null);
    }

    /** The outcome of a turn as its transcript lines tell it. */
    private Optional<TurnOutcome> ended(String messageId) throws InterruptedException {
        Optional<StoredLine> asked = store.line(messageId);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        StoredLine user = asked.get();
        String agent = user.metadata().getOrDefault("agent_id", "");
        String error = user.metadata().get("error");
        if (error != null) {
            var status = TurnOutcome.Status.valueOf(
                    user.metadata().getOrDefault("error_kind", TurnOutcome.Status.AGENT_FAILED.name()));
            return Optional.of(new TurnOutcome(messageId, user.sessionKey(), agent, status, "", error, user.at(), 0));
        }
        return Optional.of(store.line(Turns.answerLineId(messageId))
                .map(line -> new TurnOutcome(
                        messageId,
                        line.sessionKey(),
                        Objects.requireNonNullElse(line.metadata().get("agent_id"), agent),
                        TurnOutcome.Status.ANSWERED,
                        line.content(),
                        null,
                        line.at(),
                        Long.parseLong(line.metadata().getOrDefault("tokens", "0")),
                        Long.parseLong(line.metadata().getOrDefault("input_tokens", "0")),
                        AttachmentJson.readAttachments(line.metadata().get(AttachmentJson.ATTACHMENTS)),
                        AttachmentJson.readButtons(line.metadata().get(AttachmentJson.BUTTONS))))
                .orElseGet(() -> new TurnOutcome(
                        messageId, user.sessionKey(), agent, TurnOutcome.Status.SILENT, "", null, user.at(), 0)));
    }

    private TurnOutcome unended(String messageId, String sessionKey, TurnOutcome.Status status) {
        return new TurnOutcome(messageId, sessionKey, "", status, "", null, clock.instant(), 0);
    }

    private Waiter register(String messageId) {
        var waiter = new Waiter(stopwatch);
        waiters.computeIfAbsent(messageId, unused -> new CopyOnWriteArrayList<>())
                .add(waiter);
        return waiter;
    }

    private void complete(String messageId, TurnOutcome outcome) {
        List<Waiter> who = waiters.remove(messageId);
        if (who != null) {
            who.forEach(waiter -> waiter.complete(outcome));
        }
    }
}
