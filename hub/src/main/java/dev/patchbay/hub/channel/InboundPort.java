package dev.patchbay.hub.channel;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The hub behind the channels. Messages and notes are already known to be well-formed. Called by many threads. */
public interface InboundPort {

    /** As {@link dev.patchbay.api.ChannelHost#receive(InboundMessage, Note)}, with or without the note. */
    Receipt receive(String channel, String accountId, InboundMessage message, Optional<Note> note)
            throws NotAccepted, InterruptedException;

    /** As {@link dev.patchbay.api.ChannelHost#receiveAndWait}. */
    Answer receiveAndWait(String channel, String accountId, InboundMessage message, Duration wait)
            throws NotAccepted, InterruptedException;

    /** As {@link dev.patchbay.api.ChannelHost#keep}. */
    void keep(String channel, String accountId, Note note) throws NotAccepted, InterruptedException;

    /** As {@link dev.patchbay.api.ChannelHost#note}. */
    Optional<String> note(String channel, String accountId, String name) throws InterruptedException;

    /** As {@link dev.patchbay.api.ChannelHost#commands}. */
    List<Command> commands(String channel, String accountId);

    /** As {@link dev.patchbay.api.ChannelHost#attachments}. */
    Attachments attachments();

    /** As {@link dev.patchbay.api.ChannelHost#clock}. */
    Clock clock();
}
