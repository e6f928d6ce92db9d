package dev.patchbay.hub.session;

import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.Prepared;
import dev.patchbay.hub.delivery.Showing;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredInbound;
import dev.patchbay.hub.store.StoredNote;
import dev.patchbay.hub.store.TurnCommit;
import dev.patchbay.hub.store.TurnEnd;
import dev.patchbay.hub.usage.Bill;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one turn from the stored message to the one commit that ends it. Called by the thread of the session's lane.
 */
final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);

    private final Store store;
    private final Agents agents;
    private final ChatCommands commands;
    private final Answers answers;
    private final Events events;
    private final Clock clock;
    private final FailPoints failPoints;
    private final PatientStore patience;

    /**
     * A pending message as a turn needs it.
     *
     * @param left what an earlier turn of it has left with the peer
     */
    record Pending(
            String messageId,
            String sessionKey,
            String agentId,
            Instant acceptedAt,
            Envelope envelope,
            Showing.Left left) {}

    /** Who waits for the answers; decides whether they are needed in the queue. */
    interface Audience {
        /** True if somebody takes the answer to this message, so that the queue does not have to. */
        boolean claims(String messageId);

        /** Tells those who wait for the answer to the outcome's message. */
        void complete(TurnOutcome outcome);
    }

    /**
     * What one turn is about.
     *
     * @param messages those that it answers, in order; at least one
     * @param halt ends it before its time
     * @param said what there is to say already; empty: the turn finds out
     */
    record Task(List<Pending> messages, Halt halt, Optional<ChatCommands.Said> said) {
        Task {
            messages = List.copyOf(messages);
        }

        /** It was stored before all others, so its turn always begins with it, also after a restart. */
        Pending first() {
            return messages.getFirst();
        }

        /** The whole as one message: the last one, with what all of them say and bring. */
        Pending whole() {
            Pending last = messages.getLast();
            return messages.size() == 1
                    ? last
                    : new Pending(
                            last.messageId(),
                            last.sessionKey(),
                            last.agentId(),
                            last.acceptedAt(),
                            Envelope.joined(
                                    messages.stream().map(Pending::envelope).toList()),
                            first().left());
        }
    }

    /**
     * Makes the runner.
     *
     * @param stop opens when the hub stops; ends waits for the store
     */
    Turns(
            Store store,
            Agents agents,
            ChatCommands commands,
            Answers answers,
            Events events,
            World world,
            CountDownLatch stop) {
        this.store = store;
        this.agents = agents;
        this.commands = commands;
        this.answers = answers;
        this.events = events;
        this.clock = world.clock();
        this.failPoints = world.failPoints();
        this.patience = new PatientStore(store, world.stopwatch(), stop);
    }

    /**
     * Reads a message that was accepted earlier; null if it is gone, or damaged and now set aside.
     *
     * @throws StoreException if it cannot be read before the hub stops
     */
    @Nullable
    Pending read(String messageId) throws InterruptedException {
        return patience.insist("Message " + messageId, () -> Optional.ofNullable(readNow(messageId)))
                .orElse(null);
    }

    private @Nullable Pending readNow(String messageId) throws InterruptedException {
        try {
            Optional<StoredInbound> stored = store.inbound(messageId);
            if (stored.isEmpty()) {
                return null;
            }
            StoredInbound row = stored.get();
            return new Pending(
                    messageId,
                    row.sessionKey(),
                    row.agentId(),
                    row.acceptedAt(),
                    Envelope.fromJson(row.body()),
                    left(messageId));
        } catch (IOException unreadable) {
            store.setAside(messageId, "its body is no JSON", clock.instant());
        } catch (StoreException trouble) {
            if (trouble.kind() != StoreException.Kind.DAMAGED) {
                throw trouble;
            }
            store.setAside(messageId, "its body is damaged", clock.instant());
        }
        log.error("Message {} cannot be read and was set aside", messageId);
        return null;
    }

    private Showing.Left left(String messageId) throws InterruptedException {
        return new Showing.Left(store.note(Showing.NOTES, messageId));
    }

    /** Runs one turn. Whatever it is about ends with it, in one commit. */
    void run(Task task, Audience audience) throws InterruptedException {
        try (Bill bill = agents.bill()) {
            run(task, audience, bill);
        }
    }

    private void run(Task task, Audience audience, Bill bill) throws InterruptedException {
        Pending message = task.whole();
        String session = message.sessionKey();
        failPoints.reach(Place.TURN_BEGINS);
        task.messages()
                .forEach(each -> events.publishPassing(
                        "chat.start", each.messageId(), session, Map.of("agent_id", message.agentId())));
        Optional<ChatCommands.Said> command = task.said().isPresent()
                ? task.said()
                : patience.insist("Message " + message.messageId(), () -> commands.answer(message));
        Showing showing = command.isPresent() ? Showing.NOTHING : answers.show(message, task.first());
        TurnResult result;
        Showing.End shown;
        try {
            result = command.isPresent() ? said(message, command.get()) : asked(task, message, showing, bill);
        } finally {
            shown = showing.end();
        }
        boolean claimed = true;
        for (Pending each : task.messages()) {
            claimed &= audience.claims(each.messageId());
        }
        TurnOutcome outcome = TurnOutcome.of(message, result, clock.instant(), bill.tokens());
        List<Prepared> toSend =
                message.envelope().answerByQueue() && !claimed ? answers.prepare(message, result, shown) : List.of();
        TurnEnd end = new TurnEnd(
                message.messageId(),
                identity(message),
                TurnLines.of(task.messages(), outcome, command.map(ChatCommands.Said::command), bill.metadata()),
                toSend.stream().map(Prepared::row).toList(),
                shown.isNoted()
                        ? Optional.of(new StoredNote(Showing.NOTES, task.first().messageId(), ""))
                        : Optional.empty(),
                command.map(ChatCommands.Said::startsAfresh).orElse(false),
                task.messages().stream()
                        .map(Pending::messageId)
                        .filter(each -> !each.equals(message.messageId()))
                        .toList(),
                bill.use());
        failPoints.reach(Place.TURN_BEFORE_STORE);
        TurnCommit commit = store(end, audience, outcome);
        if (commit == null) {
            return;
        }
        bill.settled();
        failPoints.reach(Place.TURN_AFTER_STORE);
        tell(task, outcome, commit);
        answers.stored(toSend, commit, shown.restsUntil());
        task.messages().forEach(each -> audience.complete(outcome.of(each.messageId())));
        if (toSend.isEmpty() && shown.draftId() != null) {
            showing.retract();
        }
    }

    private void tell(Task task, TurnOutcome outcome, TurnCommit commit) {
        for (int i = 0; i < task.messages().size(); i++) {
            String id = task.messages().get(i).messageId();
            if (outcome.error() == null) {
                long last = commit.lineSeqs().getLast();
                events.publishDurable("chat.end", id, outcome.sessionKey(), outcome.answerFields(), last);
            } else {
                long line = commit.lineSeqs().get(i);
                events.publishDurable("chat.error", id, outcome.sessionKey(), Map.of("error", outcome.error()), line);
            }
        }
    }

    private static TurnResult said(Pending message, ChatCommands.Said command) {
        return new TurnResult.Answered(message.agentId(), Reply.text(command.text()), command.text());
    }

    private TurnResult asked(Task task, Pending message, Showing showing, Bill bill) throws InterruptedException {
        failPoints.reach(Place.AGENT_BEFORE_CALL);
        ReplySink sink = delta -> {
            showing.delta(delta);
            if (events.isWatched()) {
                task.messages()
                        .forEach(each -> events.publishPassing(
                                "chat.delta", each.messageId(), message.sessionKey(), Map.of("delta", delta)));
            }
        };
        TurnResult result =
                task.halt().guard(message.agentId(), () -> agents.run(message.agentId(), turn(message), sink, bill));
        failPoints.reach(Place.AGENT_AFTER_CALL);
        return result;
    }

    private @Nullable TurnCommit store(TurnEnd end, Audience audience, TurnOutcome outcome)
            throws InterruptedException {
        try {
            Optional<TurnCommit> commit = patience.complete(end);
            if (commit.isEmpty()) {
                for (String each : end.messageIds()) {
                    if (store.inbound(each).isPresent()) {
                        throw new IllegalStateException("the end of the turn cannot be stored");
                    }
                }
                log.warn("Message {} was taken away while its turn ran", end.messageId());
                complete(end, audience, outcome.without(TurnOutcome.Status.FORGOTTEN, "the message was removed"));
            }
            return commit.orElse(null);
        } catch (StoreException trouble) {
            log.warn("The turn of message {} is not stored: {}", end.messageId(), trouble.getMessage());
            complete(end, audience, outcome.without(TurnOutcome.Status.NOT_STORED, trouble.getMessage()));
            return null;
        }
    }

    private static void complete(TurnEnd end, Audience audience, TurnOutcome outcome) {
        end.messageIds().forEach(each -> audience.complete(outcome.of(each)));
    }

    Turn turn(Pending message) {
        Envelope envelope = message.envelope();
        return new Turn(
                message.messageId(),
                message.sessionKey(),
                message.agentId(),
                envelope.channel(),
                envelope.accountId(),
                envelope.peer(),
                envelope.sender(),
                envelope.text(),
                envelope.attachments(),
                limit -> history(message.sessionKey(), limit));
    }

    private List<Turn.Line> history(String sessionKey, int limit) {
        if (limit <= 0) {
            return List.of();
        }
        try {
            return patience
                    .insist("An agent", () -> store.history(sessionKey, Math.min(limit, 1_000), Optional.empty()))
                    .items()
                    .stream()
                    .filter(line -> !line.metadata().containsKey(ChatCommands.METADATA))
                    .map(line -> new Turn.Line(line.role(), line.content(), line.at()))
                    .toList();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    static SessionIdentity identity(Pending message) {
        Envelope envelope = message.envelope();
        var peer = envelope.peer() != null
                ? envelope.peer()
                : SessionKey.parse(message.sessionKey()).peer();
        return new SessionIdentity(
                message.sessionKey(),
                message.agentId(),
                envelope.channel(),
                envelope.accountId(),
                peer == null ? null : peer.kind().word(),
                peer == null ? null : peer.id());
    }
}
