package dev.patchbay.api;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a channel may ask of the hub. Safe for use by many threads, of any kind. */
public interface ChannelHost {

    /**
     * Takes in one message. Returns only when it is stored and synced to disk, so the caller may then acknowledge to its
     * platform. The same {@code remoteId} twice is stored once.
     *
     * @throws NotAccepted if it was not stored
     */
    Receipt receive(InboundMessage message) throws NotAccepted, InterruptedException;

    /**
     * As {@link #receive(InboundMessage)}, and keeps a note in the same transaction: both are on disk or neither is. The note is
     * kept as well when the message is a repeat or is turned away.
     */
    Receipt receive(InboundMessage message, Note note) throws NotAccepted, InterruptedException;

    /**
     * Keeps a note; returns when it is on disk.
     *
     * @throws NotAccepted if it was not kept
     */
    void keep(Note note) throws NotAccepted, InterruptedException;

    /** What was kept under a name, also before a restart; empty if nothing was. */
    Optional<String> note(String name) throws InterruptedException;

    /** Files that come and go with messages. */
    Attachments attachments();

    /** Tells the hub's clients of a reaction; no turn comes of it. */
    void reacted(Reaction reaction);

    /** The commands that the hub itself understands in this account, for the platform's menu; none if they are switched off. */
    List<Command> commands();

    /**
     * Takes in one message and waits for the agent's answer. An answer returned here is not sent through the delivery queue;
     * one that comes too late is.
     *
     * @param wait at most this long, from 1 ms to 10 min
     * @throws NotAccepted if it was not stored
     */
    Answer receiveAndWait(InboundMessage message, Duration wait) throws NotAccepted, InterruptedException;

    /**
     * Shows a message to the hub's own clients that have attached themselves to this channel and peer (a terminal running
     * {@code patchbay chat}).
     *
     * @return false if none is attached
     */
    boolean present(OutboundMessage message);

    /** Says how the account is doing; shown to operators and in health. {@code reason} must hold no secret. */
    void report(Condition condition, String reason);

    /** What time it is for everybody, as platforms sign and date by; it may be set at any time. The only clock a channel should use. */
    Clock clock();

    /** How an open account is doing. */
    enum Condition {
        RUNNING,
        /** Works in part, or is being tried again by the channel itself. */
        DEGRADED,
        /** Will not work until somebody acts: token refused, permission missing. */
        FAILED
    }
}
