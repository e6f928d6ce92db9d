package dev.patchbay.testkit;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Reaction;
import dev.patchbay.api.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A hub that keeps what a channel hands in and answers as it was told. It recognises repeats, as the real one does. Safe for use
 * by many threads.
 */
public final class RecordingHost implements ChannelHost {
    private final Clock clock;
    private final Recorded<InboundMessage> received = new Recorded<>();
    private final Recorded<InboundMessage> stored = new Recorded<>();
    private final Recorded<OutboundMessage> presented = new Recorded<>();
    private final Recorded<Condition> conditions = new Recorded<>();
    private final Map<String, String> messageIds = new HashMap<>();
    private final Queue<NotAccepted> refusals = new ArrayDeque<>();
    private final Recorded<Reaction> reactions = new Recorded<>();
    private final Map<String, String> notes = new HashMap<>();
    private final Set<String> unwanted = new HashSet<>();
    private final MemoryAttachments attachments = new MemoryAttachments();
    private Answer.Status status = Answer.Status.ANSWERED;
    private String answer = "";
    private @Nullable Duration waited;
    private boolean isAttached;
    private int missing;
    private CountDownLatch gate = new CountDownLatch(0);

    public RecordingHost(Clock clock) {
        this.clock = clock;
    }

    /** Everything handed in, also what was refused or recognised as a repeat. */
    public Recorded<InboundMessage> received() {
        return received;
    }

    /** What a turn would come of. */
    public Recorded<InboundMessage> stored() {
        return stored;
    }

    /** What was shown to the attached terminals. */
    public Recorded<OutboundMessage> presented() {
        return presented;
    }

    /** What the channel said about itself. */
    public Recorded<Condition> conditions() {
        return conditions;
    }

    /** How long the channel last wanted to wait for an answer; null if it never did. */
    public synchronized @Nullable Duration waited() {
        return waited;
    }

    /** The reactions that the channel told of. */
    public Recorded<Reaction> reactions() {
        return reactions;
    }

    /** What the channel wants to be remembered, by name. */
    public synchronized Map<String, String> notes() {
        return Map.copyOf(notes);
    }

    /** Messages of this sender are turned away from now on. */
    public synchronized void turnAway(String senderId) {
        unwanted.add(senderId);
    }

    /** The next message is not stored. */
    public synchronized void refuseNext(NotAccepted.Reason reason, Duration retryAfter) {
        refusals.add(new NotAccepted(reason, "refused by the test: " + reason, retryAfter));
    }

    /** What {@link #receiveAndWait} answers from now on; the text counts only when answered. */
    public synchronized void answerWith(Answer.Status how, String text) {
        status = how;
        answer = how == Answer.Status.ANSWERED ? text : "";
    }

    /** From now on messages are handed in but neither stored nor refused, until {@link #release()}. */
    public synchronized void hold() {
        gate = new CountDownLatch(1);
    }

    public synchronized void release() {
        gate.countDown();
    }

    /** Attaches a terminal that sees every peer, or takes it away. None is attached at first. */
    public synchronized void attachTerminal(boolean attached) {
        isAttached = attached;
    }

    /** The next message to present finds no terminal, even if one is attached. */
    public synchronized void detachTerminalOnce() {
        missing++;
    }

    @Override
    public Receipt receive(InboundMessage message) throws NotAccepted, InterruptedException {
        received.add(message);
        currentGate().await();
        return store(message);
    }

    @Override
    public Receipt receive(InboundMessage message, Note note) throws NotAccepted, InterruptedException {
        received.add(message);
        currentGate().await();
        synchronized (this) {
            Receipt receipt = store(message);
            remember(note);
            return receipt;
        }
    }

    @Override
    public void keep(Note note) throws InterruptedException {
        currentGate().await();
        remember(note);
    }

    @Override
    public synchronized Optional<String> note(String name) {
        return Optional.ofNullable(notes.get(name));
    }

    @Override
    public Attachments attachments() {
        return attachments;
    }

    @Override
    public void reacted(Reaction reaction) {
        reactions.add(reaction);
    }

    @Override
    public List<Command> commands() {
        return List.of(new Command("new", "Begin a new conversation"), new Command("status", "Say how things are"));
    }

    @Override
    public Answer receiveAndWait(InboundMessage message, Duration wait) throws NotAccepted, InterruptedException {
        Receipt receipt = receive(message);
        synchronized (this) {
            waited = wait;
            return new Answer(
                    receipt,
                    status,
                    answer,
                    "agent:main:test:direct:" + message.peer().id());
        }
    }

    @Override
    public boolean present(OutboundMessage message) {
        synchronized (this) {
            if (!isAttached || missing > 0) {
                missing = Math.max(0, missing - 1);
                return false;
            }
        }
        presented.add(message);
        return true;
    }

    @Override
    public void report(Condition condition, String reason) {
        conditions.add(condition);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    private synchronized CountDownLatch currentGate() {
        return gate;
    }

    private synchronized void remember(Note note) {
        if (note.value().isEmpty()) {
            notes.remove(note.name());
        } else {
            notes.put(note.name(), note.value());
        }
    }

    private synchronized Receipt store(InboundMessage message) throws NotAccepted {
        NotAccepted refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        if (message.sender() != null && unwanted.contains(message.sender().id())) {
            return Receipt.turnedAway();
        }
        String remoteId = message.remoteId();
        String known = remoteId == null ? null : messageIds.get(remoteId);
        if (known != null) {
            return new Receipt(known, true);
        }
        stored.add(message);
        String messageId = "M" + stored.all().size();
        if (remoteId != null) {
            messageIds.put(remoteId, messageId);
        }
        return new Receipt(messageId, false);
    }
}
