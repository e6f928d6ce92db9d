package dev.patchbay.hub.session;

import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryRefused;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.delivery.Prepared;
import dev.patchbay.hub.delivery.Showing;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.store.NewLine;
import dev.patchbay.hub.store.SessionIdentity;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredInbound;
import dev.patchbay.hub.store.StoredNote;
import dev.patchbay.hub.store.TurnCommit;
import dev.patchbay.hub.store.TurnEnd;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private final Deliveries deliveries;
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

    /** Who waits for the answer; decides whether it is needed in the queue. */
    interface Audience {
        /** True if somebody takes the answer, so that the queue does not have to. */
        boolean claims();

        void complete(TurnOutcome outcome);
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
            Deliveries deliveries,
            Events events,
            World world,
            CountDownLatch stop) {
        this.store = store;
        this.agents = agents;
        this.commands = commands;
        this.deliveries = deliveries;
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

    void run(Pending message, Audience audience) throws InterruptedException {
        String id = message.messageId();
        String session = message.sessionKey();
        failPoints.reach(Place.TURN_BEGINS);
        events.publishPassing("chat.start", id, session, Map.of("agent_id", message.agentId()));
        Optional<ChatCommands.Said> command = patience.insist("Message " + id, () -> commands.answer(message));
        Showing showing = command.isPresent() ? Showing.NOTHING : showing(message);
        TurnResult result;
        Showing.End shown;
        try {
            result = command.isPresent() ? said(message, command.get()) : asked(message, showing);
        } finally {
            shown = showing.end();
        }
        boolean claimed = audience.claims();
        TurnOutcome outcome = outcome(message, result);
        List<Prepared> answers =
                message.envelope().answerByQueue() && !claimed ? answers(message, result, shown) : List.of();
        TurnEnd end = new TurnEnd(
                id,
                identity(message),
                lines(message, outcome, command.map(ChatCommands.Said::command)),
                answers.stream().map(Prepared::row).toList(),
                shown.isNoted() ? Optional.of(new StoredNote(Showing.NOTES, id, "")) : Optional.empty(),
                command.map(ChatCommands.Said::startsAfresh).orElse(false));
        failPoints.reach(Place.TURN_BEFORE_STORE);
        TurnCommit commit = store(end, audience, outcome);
        if (commit == null) {
            return;
        }
        failPoints.reach(Place.TURN_AFTER_STORE);
        long cursor = commit.lineSeqs().getLast();
        if (outcome.error() == null) {
            events.publishDurable("chat.end", id, session, outcome.answerFields(), cursor);
        } else {
            events.publishDurable("chat.error", id, session, Map.of("error", outcome.error()), cursor);
        }
        for (int i = 0; i < answers.size(); i++) {
            deliveries.stored(answers.get(i), commit.deliverySeqs().get(i), shown.restsUntil());
        }
        audience.complete(outcome);
        if (answers.isEmpty() && shown.draftId() != null) {
            showing.retract();
        }
    }

    private static TurnResult said(Pending message, ChatCommands.Said command) {
        return new TurnResult.Answered(message.agentId(), Reply.text(command.text()), command.text());
    }

    private TurnResult asked(Pending message, Showing showing) throws InterruptedException {
        failPoints.reach(Place.AGENT_BEFORE_CALL);
        TurnResult result = agents.run(message.agentId(), turn(message), delta -> {
            showing.delta(delta);
            if (events.isWatched()) {
                events.publishPassing("chat.delta", message.messageId(), message.sessionKey(), Map.of("delta", delta));
            }
        });
        failPoints.reach(Place.AGENT_AFTER_CALL);
        return result;
    }

    private Showing showing(Pending message) {
        Envelope envelope = message.envelope();
        return envelope.peer() != null && envelope.answerByQueue()
                ? deliveries.show(
                        outbound(message, envelope.peer(), new Reply.Message("", List.of()), Showing.End.OF_NOTHING),
                        message.messageId(),
                        message.left())
                : Showing.NOTHING;
    }

    private @Nullable TurnCommit store(TurnEnd end, Audience audience, TurnOutcome outcome)
            throws InterruptedException {
        try {
            Optional<TurnCommit> commit = patience.complete(end);
            if (commit.isEmpty()) {
                if (store.inbound(end.messageId()).isPresent()) {
                    throw new IllegalStateException("the end of the turn cannot be stored");
                }
                log.warn("Message {} was taken away while its turn ran", end.messageId());
                audience.complete(with(outcome, TurnOutcome.Status.FORGOTTEN, "the message was removed"));
            }
            return commit.orElse(null);
        } catch (StoreException trouble) {
            log.warn("The turn of message {} is not stored: {}", end.messageId(), trouble.getMessage());
            audience.complete(with(outcome, TurnOutcome.Status.NOT_STORED, trouble.getMessage()));
            return null;
        }
    }

    private Turn turn(Pending message) {
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

    private List<Prepared> answers(Pending message, TurnResult result, Showing.End shown) {
        var answers = new ArrayList<Prepared>();
        switch (result) {
            case TurnResult.Answered answered ->
                answered.reply().messages().forEach(each -> add(answers, message, each, shown));
            case TurnResult.Silent silent -> {}
            case TurnResult.Failed failed ->
                failed.peerText().ifPresent(text -> add(answers, message, new Reply.Message(text, List.of()), shown));
        }
        return answers;
    }

    private void add(List<Prepared> answers, Pending message, Reply.Message reply, Showing.End shown) {
        Envelope envelope = message.envelope();
        if (envelope.peer() == null || !deliveries.canSend(envelope.channel(), envelope.accountId())) {
            return;
        }
        try {
            // The first message takes the draft's place, the others stand below it.
            answers.add(deliveries.prepare(
                    outbound(message, envelope.peer(), reply, answers.isEmpty() ? shown : Showing.End.OF_NOTHING)));
        } catch (DeliveryRefused cannot) {
            log.info("An answer to message {} stays in the transcript: {}", message.messageId(), cannot.getMessage());
        }
    }

    private static Outbound outbound(Pending message, Peer peer, Reply.Message reply, Showing.End shown) {
        Envelope envelope = message.envelope();
        return new Outbound(
                envelope.channel(),
                envelope.accountId(),
                peer,
                envelope.threadId(),
                reply.text(),
                reply.attachments(),
                reply.buttons(),
                envelope.replyTo(),
                shown.draftId(),
                shown.isUncertain(),
                Optional.empty(),
                message.messageId(),
                message.sessionKey());
    }

    private static List<NewLine> lines(Pending message, TurnOutcome outcome, Optional<String> command) {
        var metadata = new LinkedHashMap<String, String>();
        command.ifPresent(word -> metadata.put(ChatCommands.METADATA, word));
        metadata.put("channel", message.envelope().channel());
        metadata.put("agent_id", outcome.agentId());
        if (outcome.error() != null) {
            metadata.put("error", outcome.error());
            metadata.put("error_kind", outcome.status().name());
        } else if (outcome.status() == TurnOutcome.Status.SILENT) {
            metadata.put("silent", "true");
        }
        TurnOutcome.putEnclosed(metadata, message.envelope().attachments(), List.of());
        NewLine user = new NewLine(
                message.messageId(), "user", message.envelope().text(), message.acceptedAt(), Map.copyOf(metadata));
        if (outcome.status() != TurnOutcome.Status.ANSWERED) {
            return List.of(user);
        }
        var reply = new LinkedHashMap<String, String>();
        reply.put("reply_to", message.messageId());
        reply.put("agent_id", outcome.agentId());
        command.ifPresent(word -> reply.put(ChatCommands.METADATA, word));
        if (outcome.tokens() > 0) {
            reply.put("tokens", Long.toString(outcome.tokens()));
            reply.put("input_tokens", Long.toString(outcome.inputTokens()));
        }
        TurnOutcome.putEnclosed(reply, outcome.attachments(), outcome.buttons());
        return List.of(
                user,
                new NewLine(
                        answerLineId(message.messageId()),
                        "assistant",
                        outcome.text(),
                        outcome.at(),
                        Map.copyOf(reply)));
    }

    /** The id of the line that answers a message; from the message's own, so that a repeat finds it without a search. */
    static String answerLineId(String messageId) {
        return messageId + "-a";
    }

    private TurnOutcome outcome(Pending message, TurnResult result) {
        String id = message.messageId();
        String session = message.sessionKey();
        Instant now = clock.instant();
        return switch (result) {
            case TurnResult.Answered(String agent, Reply reply, String text) ->
                new TurnOutcome(
                        id,
                        session,
                        agent,
                        TurnOutcome.Status.ANSWERED,
                        text,
                        null,
                        now,
                        reply.inputTokens() + reply.outputTokens(),
                        reply.inputTokens(),
                        reply.messages().stream()
                                .flatMap(each -> each.attachments().stream())
                                .toList(),
                        reply.messages().stream()
                                .flatMap(each -> each.buttons().stream())
                                .toList());
            case TurnResult.Silent(String agent) ->
                new TurnOutcome(id, session, agent, TurnOutcome.Status.SILENT, "", null, now, 0);
            case TurnResult.Failed failed ->
                new TurnOutcome(
                        id,
                        session,
                        failed.agentId(),
                        failed.kind() == TurnResult.Failed.Kind.TIMED_OUT
                                ? TurnOutcome.Status.AGENT_TIMED_OUT
                                : TurnOutcome.Status.AGENT_FAILED,
                        "",
                        failed.reason(),
                        now,
                        0);
        };
    }

    private static TurnOutcome with(TurnOutcome outcome, TurnOutcome.Status status, @Nullable String error) {
        return new TurnOutcome(
                outcome.messageId(), outcome.sessionKey(), outcome.agentId(), status, "", error, outcome.at(), 0);
    }

    private static SessionIdentity identity(Pending message) {
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
