package dev.patchbay.hub.session;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
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
import dev.patchbay.hub.store.StoredNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

    /** Behind a session's key: the lane of those who do not wait for the others. Not to be found in any key. */
    private static final String OVERTAKING = "\novertaking";

    private static final int PAGE = 1_000;

    /** A turn that was told to end is stored by then, as a rule. */
    private static final Duration END_MAX = Duration.ofSeconds(2);

    private final Store store;
    private final Callers callers;
    private final Repeats repeats;
    private final Trials trials;
    private final ChatCommands commands;
    private final Manners manners;
    private final Gathering gathering;
    private final OwnTurns ownTurns;
    private final LastPeers lastPeers;
    private final Lanes<String> lanes;
    private final LaneRoom room;
    private final ByteBudget bodies;
    private final HeapState heap;
    private final SortableIds ids;
    private final Meters meters;
    private final Clock clock;
    private final Stopwatch stopwatch;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Messages that are being stored, wait or run: their turns come without anybody's doing. */
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    private final AtomicLong places = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger();

    /** Opens when the hub stops and no turn runs any more. */
    private final CountDownLatch quiet = new CountDownLatch(1);

    private volatile boolean stopping;

    /**
     * A message with the decision where it belongs.
     *
     * @param isRapid true if it is one of somebody who may say what belongs together in several messages
     */
    record Routed(
            String sessionKey,
            String agentId,
            Envelope envelope,
            Optional<DedupKey> dedup,
            Optional<StoredNote> note,
            boolean isRapid) {}

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
     * @param manners what becomes of messages that meet others
     */
    public record Rules(int laneLimit, ChatCommands commands, ByteBudget bodies, HeapState heap, Manners manners) {

        /** With the usual part of the heap, and nobody who guards it. */
        public Rules(int laneLimit, ChatCommands commands, Manners manners) {
            this(laneLimit, commands, ByteBudget.ofHeap(0.2), HeapState.ROOMY, manners);
        }

        /** As above, every message with a turn of its own. */
        public Rules(int laneLimit, ChatCommands commands) {
            this(laneLimit, commands, Manners.PLAIN);
        }
    }

    /** An inbox that runs no turn before {@link #start}. */
    public Inbox(
            Store store, Agents agents, Deliveries deliveries, Events events, Meters meters, World world, Rules rules) {
        this.store = store;
        this.callers = new Callers(world);
        this.repeats = new Repeats(store, callers);
        var answers = new Answers(deliveries, world.clock());
        var turns = new Turns(store, agents, rules.commands(), answers, events, world, stop);
        this.trials = new Trials(turns, callers, store, deliveries, world, stop);
        this.commands = rules.commands();
        this.manners = rules.manners();
        this.gathering = new Gathering(manners, commands, turns::read, world);
        this.lastPeers = new LastPeers(store, world);
        this.ownTurns = new OwnTurns(
                this::between, turns, new OwnTurns.Means(store, agents, deliveries, answers, events), world, stop);
        this.lanes = new Lanes<>(world.threads(), rules.laneLimit());
        this.room = new LaneRoom(lanes::depth, rules.laneLimit());
        this.bodies = rules.bodies();
        this.heap = rules.heap();
        this.ids = new SortableIds(world.clock(), world.random());
        this.meters = meters;
        this.clock = world.clock();
        this.stopwatch = world.stopwatch();
        meters.gauge("patchbay_inbound_waiting", Map.of(), gathering::waiting);
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
        String lane = lane(message);
        if (gathering.waiting() >= WAITING_MAX || !room.take(lane)) {
            meters.inbound(channel, "refused");
            throw new Refusal(
                    Refusal.Reason.FULL,
                    "session " + message.sessionKey() + " has " + lanes.depth(lane)
                            + " messages waiting; try again later, or raise sessions.lane-limit");
        }
        try {
            return store(message, asker);
        } finally {
            room.leave(lane);
        }
    }

    private String lane(Routed message) {
        return commands.isStop(message.envelope()) ? message.sessionKey() + OVERTAKING : message.sessionKey();
    }

    private PendingTurn store(Routed message, Asker asker) throws Refusal, InterruptedException {
        String channel = message.envelope().channel();
        String id = ids.next();
        Waiter waiter = asker == Asker.LEAVES ? null : callers.register(id);
        inHand.add(id);
        Instant now = clock.instant();
        byte[] body = message.envelope().toJson();
        Accepted accepted;
        try {
            accepted = store.accept(
                    new NewInbound(id, message.sessionKey(), message.agentId(), channel, message.dedup(), body, now),
                    message.note());
        } catch (StoreException | InterruptedException notStored) {
            callers.forget(id);
            inHand.remove(id);
            meters.inbound(channel, "refused");
            throw notStored;
        }
        if (accepted.duplicate()) {
            callers.forget(id);
            inHand.remove(id);
            meters.inbound(channel, "duplicate");
            if (!accepted.sameContent()) {
                throw new Refusal(
                        Refusal.Reason.INVALID, "idempotency_key", "the key was used before with other parameters");
            }
            takeUp(accepted.messageId());
            return repeats.answer(accepted.messageId(), message.sessionKey(), asker);
        }
        meters.inbound(channel, "accepted");
        message.envelope().address().ifPresent(from -> lastPeers.seen(message.agentId(), from));
        var waiting = new Waiting(
                id,
                message.sessionKey(),
                body.length,
                places.incrementAndGet(),
                message.isRapid(),
                keep(id, message, now));
        Optional<String> command = commands.word(message.envelope());
        if (commands.isStop(message.envelope())) {
            overtake(waiting);
        } else {
            queue(waiting);
            if (command.isEmpty() && manners.busy().apply(message.agentId()) == Busy.INTERRUPT) {
                gathering.end(message.sessionKey(), Kind.INTERRUPTED, waiting.place());
            }
        }
        return new PendingTurn(id, message.sessionKey(), false, waiter, null);
    }

    /** Everything that its turn needs, to be had without reading it again; null if it is long, or many are kept. */
    private Turns.@Nullable Pending keep(String id, Routed message, Instant now) {
        int chars = message.envelope().text().length();
        if (chars > KEPT_CHARS || !gathering.keeps(chars)) {
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

    /** For those parts of the hub that have something to ask an agent themselves. */
    public OwnTurns ownTurns() {
        return ownTurns;
    }

    /** Who wrote last to each agent. */
    public LastPeers lastPeers() {
        return lastPeers;
    }

    /** How full the inbox is, all sessions together: 1 is its limit. */
    public double filled() {
        return (double) gathering.waiting() / WAITING_MAX;
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
        lastPeers.start();
        var sessions = new ArrayList<String>();
        List<InboundRef> page = store.pendingInbound(0, PAGE);
        while (!page.isEmpty()) {
            page.forEach(ref -> {
                inHand.add(ref.messageId());
                gathering.add(found(ref.messageId(), ref.sessionKey(), ref.bodyBytes()));
                sessions.add(ref.sessionKey());
            });
            page = store.pendingInbound(page.getLast().seq(), PAGE);
        }
        // Not before all are there: what belongs together must find each other.
        sessions.forEach(this::comeToNext);
        if (!sessions.isEmpty()) {
            log.info("Took up {} messages whose turn had not ended", sessions.size());
        }
    }

    /** Takes nothing any more, starts no turn any more, and waits for those that run; false if some still do. */
    public boolean drain(Duration wait) throws InterruptedException {
        stopping = true;
        gathering.hurry();
        if (running.get() > 0) {
            stopwatch.await(quiet, wait);
        }
        stop.countDown();
        callers.leave();
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
            stored.ifPresent(row -> queue(found(messageId, row.sessionKey(), row.body().length)));
        } finally {
            if (!isQueued) {
                inHand.remove(messageId);
            }
        }
    }

    private Waiting found(String messageId, String sessionKey, int bodyBytes) {
        return new Waiting(messageId, sessionKey, bodyBytes, places.incrementAndGet(), true, null);
    }

    private void queue(Waiting message) {
        gathering.add(message);
        comeToNext(message.sessionKey());
    }

    private void comeToNext(String sessionKey) {
        lanes.submitAlways(sessionKey, () -> counted(() -> next(sessionKey)));
    }

    /** Does something when no turn of the session runs; also while the hub drains, which waits for it. */
    private void between(String sessionKey, Lanes.Job job) {
        lanes.submitAlways(sessionKey, () -> counted(job));
    }

    /** Ends the turn that runs, then says so; beside the lane, whose turns go on with those who wait. */
    private void overtake(Waiting stop) {
        lanes.submitAlways(
                stop.sessionKey() + OVERTAKING,
                () -> counted(() -> {
                    gathering.forget(stop);
                    int behind = gathering.waiting(stop.sessionKey());
                    Optional<Halt> ended =
                            stopping ? Optional.empty() : gathering.end(stop.sessionKey(), Kind.STOPPED, stop.place());
                    if (ended.isPresent()) {
                        stopwatch.await(ended.get().over(), END_MAX);
                    }
                    boolean hasCut = ended.map(Halt::hasCut).orElse(false);
                    var said = ChatCommands.stopped(hasCut, hasCut ? behind : 0);
                    runAll(List.of(stop), new Halt(stop.place()), Optional.of(said));
                }));
    }

    private void counted(Lanes.Job job) throws InterruptedException {
        running.incrementAndGet();
        try {
            job.run();
        } finally {
            if (running.decrementAndGet() == 0 && stopping) {
                quiet.countDown();
            }
        }
    }

    private void next(String sessionKey) throws InterruptedException {
        Gathering.Batch batch = gathering.take(sessionKey).orElse(null);
        if (batch == null) {
            return;
        }
        try (ByteBudget.Share memory = bodies.share()) {
            if (!stopping) {
                memory.await(batch.bodyBytes());
            }
            runAll(batch.messages(), batch.halt(), Optional.empty());
        } finally {
            gathering.over(sessionKey, batch);
        }
    }

    private void runAll(List<Waiting> messages, Halt halt, Optional<ChatCommands.Said> said)
            throws InterruptedException {
        try {
            if (stopping) {
                messages.forEach(each -> callers.unended(each, TurnOutcome.Status.SHUTTING_DOWN));
            } else {
                trials.run(messages, halt, said);
            }
        } finally {
            messages.forEach(each -> inHand.remove(each.id()));
        }
    }
}
