package dev.patchbay.hub.session;

import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.Prepared;
import dev.patchbay.hub.delivery.Showing;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.Lanes;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredSession;
import dev.patchbay.hub.store.TurnCommit;
import dev.patchbay.hub.store.TurnEnd;
import dev.patchbay.hub.usage.Bill;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns that the hub begins by itself: tasks, heartbeats, schedules. The agent is asked outside of the session's lane, however long
 * it takes, so that nobody's conversation waits for it; the end is written in the lane, so that its lines never stand in the middle
 * of another turn. Safe for many threads.
 */
public final class OwnTurns {
    private static final Logger log = LoggerFactory.getLogger(OwnTurns.class);

    /** An end that the hub itself breaks so often is not tried again. */
    private static final int TRIES = 3;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Lane lane;
    private final Turns turns;
    private final Means means;
    private final World world;
    private final CountDownLatch stop;
    private final PatientStore patience;

    /** Where a session's turns wait for each other. */
    @FunctionalInterface
    interface Lane {
        void between(String sessionKey, Lanes.Job job);
    }

    /** How a turn stands to the others of its agent. */
    public enum Rank {
        /** It waits for its place as they do. */
        EQUAL,
        /** It runs only while there is no other; see {@link Agents#runAside}. */
        GIVES_WAY
    }

    /** One way to ask an agent. */
    @FunctionalInterface
    private interface Asking {
        TurnResult ask(String agentId, Turn turn) throws InterruptedException;
    }

    /** What is needed besides. */
    record Means(Store store, Agents agents, Deliveries deliveries, Answers answers, Events events) {}

    /**
     * One turn.
     *
     * @param messageId unique, and the same when it is repeated after a crash; its user line has it
     * @param session whose history the agent sees and whose transcript it goes into; names the agent
     * @param at when it was asked for
     * @param to where the answer is sent; empty: it stays in the transcript
     * @param marks further metadata of its lines
     * @param bill for what it uses, from {@link #bill}; to be closed when the turn is over, whether it was written or not
     */
    public record OwnTurn(
            String messageId,
            SessionKey session,
            String text,
            Instant at,
            Optional<Address> to,
            Map<String, String> marks,
            Bill bill) {

        /** The same, with an answer that goes there. */
        public OwnTurn to(Optional<Address> address) {
            return new OwnTurn(messageId, session, text, at, address, marks, bill);
        }

        /** The same with another text in the transcript than the agent was told. */
        public OwnTurn withText(String other) {
            return new OwnTurn(messageId, session, other, at, to, marks, bill);
        }
    }

    /** An end that was made, to be written as often as it takes. */
    private record Ready(
            Turns.Pending message,
            TurnOutcome outcome,
            List<Prepared> answers,
            TurnEnd end,
            Besides besides,
            Bill bill) {}

    OwnTurns(Lane lane, Turns turns, Means means, World world, CountDownLatch stop) {
        this.lane = lane;
        this.turns = turns;
        this.means = means;
        this.world = world;
        this.stop = stop;
        this.patience = new PatientStore(means.store(), world.stopwatch(), stop);
    }

    /** A bill for a turn. */
    public Bill bill() {
        return means.agents().bill();
    }

    /**
     * Asks the agent. Nothing is stored and nobody is told.
     *
     * @param sink gets pieces and progress, as {@link Agents#run}
     * @param most for the agent and its fallbacks together; {@link Agents#UNLIMITED} for as long as it takes
     * @param halt ends it early
     * @return empty if it was halted; an agent that heeds no interrupt is left behind
     */
    public Optional<TurnResult> ask(OwnTurn turn, ReplySink sink, Duration most, Cancellation halt)
            throws InterruptedException {
        return ask(turn, halt, (agent, asked) -> means.agents().run(agent, asked, sink, most, turn.bill()));
    }

    /**
     * As {@link #ask(OwnTurn, ReplySink, Duration, Cancellation)}, in the time that the agent has for everybody's turns.
     *
     * @param halt also called when a turn with {@link Rank#GIVES_WAY} has to
     */
    public Optional<TurnResult> ask(OwnTurn turn, Rank rank, Cancellation halt) throws InterruptedException {
        return ask(turn, halt, (agent, asked) -> switch (rank) {
            case EQUAL -> means.agents().run(agent, asked, piece -> {}, turn.bill());
            case GIVES_WAY -> means.agents().runAside(agent, asked, piece -> {}, halt::call, turn.bill());
        });
    }

    private Optional<TurnResult> ask(OwnTurn turn, Cancellation halt, Asking asking) throws InterruptedException {
        if (!halt.begin()) {
            return Optional.empty();
        }
        try {
            world.failPoints().reach(Place.AGENT_BEFORE_CALL);
            TurnResult result = asking.ask(turn.session().agentId(), turns.turn(asSeen(turn)));
            world.failPoints().reach(Place.AGENT_AFTER_CALL);
            return Optional.of(result);
        } catch (InterruptedException stopped) {
            if (halt.isCalled()) {
                return Optional.empty();
            }
            throw stopped;
        } finally {
            halt.end();
        }
    }

    /**
     * Writes the end of a turn when no other of its session runs: lines, what is to be sent, and what is besides, in one transaction.
     * Blocks until it is on disk.
     *
     * @param result what the agent has answered, or what the caller has made of it
     * @return empty if it has ended before, or what is besides does not fit any more: then nothing was written
     * @throws StoreException if it could not be stored before the hub stops
     */
    public Optional<TurnOutcome> end(OwnTurn turn, TurnResult result, Besides besides) throws InterruptedException {
        var ended = new CompletableFuture<Optional<TurnOutcome>>();
        lane.between(turn.session().toString(), () -> {
            try {
                ended.complete(endNow(turn, result, besides));
            } catch (InterruptedException stop) {
                ended.completeExceptionally(stop);
                throw stop;
            } catch (RuntimeException | Error failure) {
                ended.completeExceptionally(failure);
            }
        });
        try {
            return ended.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case InterruptedException stop -> throw stop;
                case StoreException notStored -> throw notStored;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }

    private Optional<TurnOutcome> endNow(OwnTurn turn, TurnResult result, Besides besides) throws InterruptedException {
        Turns.Pending message = asSeen(turn);
        TurnOutcome outcome = TurnOutcome.of(
                message, result, world.clock().instant(), turn.bill().tokens());
        List<Prepared> answers = turn.to()
                .map(to -> means.answers().prepare(addressed(turn, to), result, Showing.End.OF_NOTHING))
                .orElse(List.of());
        // The transcript knows the account, which not every key names.
        SessionIdentity identity = patience.insist("The turn of message " + turn.messageId(), () -> means.store()
                .session(message.sessionKey())
                .map(StoredSession::identity)
                .orElse(Turns.identity(message)));
        var end = new TurnEnd(
                turn.messageId(),
                identity,
                marked(
                        TurnLines.of(
                                List.of(message),
                                outcome,
                                Optional.empty(),
                                turn.bill().metadata()),
                        turn.marks()),
                answers.stream().map(Prepared::row).toList(),
                turn.bill().use());
        for (int broken = 0; ; broken++) {
            try {
                return written(new Ready(message, outcome, answers, end, besides, turn.bill()), broken > 0);
            } catch (StoreException notStored) {
                throw notStored;
            } catch (RuntimeException | Error bug) {
                if (broken + 1 == TRIES || world.stopwatch().await(stop, PAUSE)) {
                    throw bug;
                }
                log.error("The end of turn {} broke", turn.messageId(), bug);
            }
        }
    }

    private Optional<TurnOutcome> written(Ready ready, boolean isRepeat) throws InterruptedException {
        world.failPoints().reach(Place.TURN_BEFORE_STORE);
        Optional<TurnCommit> commit = patience.complete(ready.end(), ready.besides(), isRepeat);
        if (commit.isEmpty()) {
            means.deliveries().takeUp(ready.end().messageId());
            return Optional.empty();
        }
        ready.bill().settled();
        world.failPoints().reach(Place.TURN_AFTER_STORE);
        means.answers().stored(ready.answers(), commit.get(), Instant.EPOCH);
        tell(ready.message(), ready.outcome(), commit.get());
        return Optional.of(ready.outcome());
    }

    /** Both at once: while it ran, another turn of the session may have been shown. */
    private void tell(Turns.Pending message, TurnOutcome outcome, TurnCommit commit) {
        String id = message.messageId();
        String session = message.sessionKey();
        long cursor = commit.lineSeqs().getLast();
        means.events().publishPassing("chat.start", id, session, Map.of("agent_id", message.agentId()));
        if (outcome.error() == null) {
            means.events().publishDurable("chat.end", id, session, outcome.answerFields(), cursor);
        } else {
            means.events().publishDurable("chat.error", id, session, Map.of("error", outcome.error()), cursor);
        }
    }

    private static List<NewLine> marked(List<NewLine> lines, Map<String, String> marks) {
        return lines.stream()
                .map(line -> {
                    var metadata = new HashMap<>(line.metadata());
                    metadata.putAll(marks);
                    return new NewLine(line.lineId(), line.role(), line.content(), line.at(), Map.copyOf(metadata));
                })
                .toList();
    }

    /** As a message of the session's own peer. */
    private static Turns.Pending asSeen(OwnTurn turn) {
        SessionKey key = turn.session();
        return pending(
                turn,
                new Envelope(
                        key.channel() == null ? Conversations.API_CHANNEL : key.channel(),
                        key.accountId() == null ? SessionKey.DEFAULT_ACCOUNT : key.accountId(),
                        key.peer(),
                        key.threadId(),
                        null,
                        turn.text(),
                        List.of(),
                        null,
                        false));
    }

    /** As a message of whoever gets the answer. */
    private static Turns.Pending addressed(OwnTurn turn, Address to) {
        return pending(
                turn,
                new Envelope(
                        to.channel(),
                        to.accountId(),
                        to.peer(),
                        to.threadId(),
                        null,
                        turn.text(),
                        List.of(),
                        null,
                        true));
    }

    private static Turns.Pending pending(OwnTurn turn, Envelope envelope) {
        return new Turns.Pending(
                turn.messageId(),
                turn.session().toString(),
                turn.session().agentId(),
                turn.at(),
                envelope,
                new Showing.Left(Optional.empty()));
    }
}
