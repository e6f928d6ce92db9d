package dev.patchbay.hub.session;

import dev.patchbay.api.Answer;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Receipt;
import dev.patchbay.api.Sender;
import dev.patchbay.hub.access.Doorkeeper;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.Origin;
import dev.patchbay.hub.routing.NotRoutable;
import dev.patchbay.hub.routing.Route;
import dev.patchbay.hub.routing.RouteQuery;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredNote;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Where channels hand in messages: let in or turned away, routed, recognised if it is a repeat, stored, and only then acknowledged. Closed at
 * first: channels may already send while the hub still takes up what it has stored, but what is new waits for that. Safe for many threads.
 */
public final class InboundDoor {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** Platforms repeat a webhook for up to three days, and a Telegram update until it is confirmed. */
    private static final Duration REPEATS_KNOWN = Duration.ofDays(7);

    private final Inbox inbox;
    private final Bindings bindings;
    private final Doorkeeper doorkeeper;
    private final Deliveries deliveries;
    private final Store store;
    private final Clock clock;
    private final FailPoints failPoints;
    private final CountDownLatch open = new CountDownLatch(1);

    public InboundDoor(
            Inbox inbox, Bindings bindings, Doorkeeper doorkeeper, Deliveries deliveries, Store store, Clock clock) {
        this(inbox, bindings, doorkeeper, deliveries, store, clock, FailPoints.NONE);
    }

    public InboundDoor(
            Inbox inbox,
            Bindings bindings,
            Doorkeeper doorkeeper,
            Deliveries deliveries,
            Store store,
            Clock clock,
            FailPoints failPoints) {
        this.store = store;
        this.doorkeeper = doorkeeper;
        this.inbox = inbox;
        this.bindings = bindings;
        this.deliveries = deliveries;
        this.clock = clock;
        this.failPoints = failPoints;
    }

    /** Lets messages in, also those that wait already. May be called twice. */
    public void open() {
        open.countDown();
    }

    /** As {@link dev.patchbay.api.ChannelHost#receive}. */
    public Receipt receive(String channel, String accountId, InboundMessage message, Optional<Note> note)
            throws NotAccepted, InterruptedException {
        open.await();
        if (!admits(channel, accountId, message)) {
            if (note.isPresent()) {
                keep(channel, accountId, note.get());
            }
            return Receipt.turnedAway();
        }
        PendingTurn turn = accept(channel, accountId, message, note, Inbox.Asker.LEAVES);
        failPoints.reach(Place.RECEIPT);
        return new Receipt(turn.messageId(), turn.isDuplicate());
    }

    /** As {@link dev.patchbay.api.ChannelHost#keep}. */
    public void keep(String channel, String accountId, Note note) throws NotAccepted, InterruptedException {
        try {
            store.keep(stored(channel, accountId, note));
            failPoints.reach(Place.NOTE_KEPT);
        } catch (StoreException notStored) {
            throw notStored(notStored);
        }
    }

    /** As {@link dev.patchbay.api.ChannelHost#note}. */
    public Optional<String> note(String channel, String accountId, String name) throws InterruptedException {
        return store.note(scope(channel, accountId), name);
    }

    /** As {@link dev.patchbay.api.ChannelHost#receiveAndWait}. */
    public Answer receiveAndWait(String channel, String accountId, InboundMessage message, Duration wait)
            throws NotAccepted, InterruptedException {
        open.await();
        if (!admits(channel, accountId, message)) {
            return new Answer(Receipt.turnedAway(), Answer.Status.SILENT, "", "");
        }
        PendingTurn turn = accept(channel, accountId, message, Optional.empty(), Inbox.Asker.WAITS_UNLESS_REPEAT);
        var receipt = new Receipt(turn.messageId(), turn.isDuplicate());
        Optional<TurnOutcome> outcome;
        if (turn.isDuplicate()) {
            // Told at once: the first call is waiting. If its answer was lost on the way, this is how it is had again.
            outcome = turn.known();
        } else {
            outcome = turn.await(wait);
        }
        failPoints.reach(Place.ANSWER);
        return outcome.map(ended -> new Answer(receipt, status(ended.status()), ended.text(), ended.sessionKey()))
                .orElseGet(() -> new Answer(receipt, Answer.Status.PENDING, "", turn.sessionKey()));
    }

    /** Asked before anything is stored, and also when queues are full: strangers need no room. */
    private boolean admits(String channel, String accountId, InboundMessage message)
            throws NotAccepted, InterruptedException {
        try {
            return doorkeeper.admits(channel, accountId, message);
        } catch (StoreException notStored) {
            throw notStored(notStored);
        }
    }

    private PendingTurn accept(
            String channel, String accountId, InboundMessage message, Optional<Note> note, Inbox.Asker asker)
            throws NotAccepted, InterruptedException {
        if (deliveries.canSend(channel, accountId) && !deliveries.hasRoom(channel)) {
            throw new NotAccepted(
                    NotAccepted.Reason.FULL, "the delivery queue of channel " + channel + " is full", RETRY_AFTER);
        }
        try {
            Route route = bindings.router().route(RouteQuery.of(channel, accountId, message));
            var envelope = new Envelope(
                    channel,
                    accountId,
                    message.peer(),
                    message.threadId(),
                    sender(message),
                    message.text(),
                    message.attachments(),
                    message.remoteId(),
                    true);
            // A repeat must not wait for the first one's turn: it is told at once that it is one.
            return Origin.<PendingTurn, Refusal, InterruptedException>as(
                    scope(channel, accountId),
                    () -> inbox.accept(
                            new Inbox.Routed(
                                    route.sessionKey().toString(),
                                    route.agentId(),
                                    envelope,
                                    dedup(channel, accountId, message),
                                    note.map(each -> stored(channel, accountId, each)),
                                    true),
                            asker));
        } catch (NotRoutable wrong) {
            throw new NotAccepted(NotAccepted.Reason.INVALID, String.valueOf(wrong.getMessage()), Duration.ZERO);
        } catch (StoreException notStored) {
            throw notStored(notStored);
        } catch (Refusal refusal) {
            throw refused(refusal);
        }
    }

    private static StoredNote stored(String channel, String accountId, Note note) {
        return new StoredNote(scope(channel, accountId), note.name(), note.value());
    }

    private static String scope(String channel, String accountId) {
        return "channel/" + channel + "/" + accountId;
    }

    private static NotAccepted notStored(StoreException why) {
        return why.kind() == StoreException.Kind.CONFLICT
                ? new NotAccepted(NotAccepted.Reason.INVALID, why.what(), Duration.ZERO)
                : new NotAccepted(NotAccepted.Reason.NOT_STORED, "the message cannot be stored now", RETRY_AFTER);
    }

    /** In a direct chat the peer is the sender, whether the platform says so or not. */
    private static @Nullable Sender sender(InboundMessage message) {
        Peer peer = message.peer();
        return message.sender() == null && peer.kind() == Peer.Kind.DIRECT
                ? new Sender(peer.id(), null)
                : message.sender();
    }

    private Optional<DedupKey> dedup(String channel, String accountId, InboundMessage message) {
        return Optional.ofNullable(message.remoteId())
                .map(id -> new DedupKey(
                        String.join("\n", List.of("in", channel, accountId, id)),
                        "",
                        clock.instant().plus(REPEATS_KNOWN)));
    }

    private static NotAccepted refused(Refusal refusal) {
        NotAccepted.Reason reason =
                switch (refusal.reason()) {
                    case FULL -> NotAccepted.Reason.FULL;
                    case SHUTTING_DOWN -> NotAccepted.Reason.SHUTTING_DOWN;
                    case TOO_LARGE -> NotAccepted.Reason.TOO_LARGE;
                    case INVALID, NOT_FOUND -> NotAccepted.Reason.INVALID;
                };
        boolean worthRepeating = reason == NotAccepted.Reason.FULL || reason == NotAccepted.Reason.SHUTTING_DOWN;
        return new NotAccepted(
                reason, String.valueOf(refusal.getMessage()), worthRepeating ? RETRY_AFTER : Duration.ZERO);
    }

    private static Answer.Status status(TurnOutcome.Status status) {
        return switch (status) {
            case ANSWERED -> Answer.Status.ANSWERED;
            case SILENT -> Answer.Status.SILENT;
            case AGENT_FAILED, BUDGET_SPENT, STOPPED, INTERRUPTED -> Answer.Status.AGENT_FAILED;
            case AGENT_TIMED_OUT -> Answer.Status.AGENT_TIMED_OUT;
            case NOT_STORED, SHUTTING_DOWN, FORGOTTEN -> Answer.Status.PENDING;
        };
    }
}
