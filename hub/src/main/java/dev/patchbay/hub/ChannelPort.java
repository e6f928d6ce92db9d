package dev.patchbay.hub;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Receipt;
import dev.patchbay.hub.channel.InboundPort;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.InboundDoor;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where channels hand in what they receive. */
record ChannelPort(InboundDoor door, ChatCommands chatCommands, Attachments attachments) implements InboundPort {

    @Override
    public Receipt receive(String channel, String accountId, InboundMessage message, Optional<Note> note)
            throws NotAccepted, InterruptedException {
        return door.receive(channel, accountId, message, note);
    }

    @Override
    public void keep(String channel, String accountId, Note note) throws NotAccepted, InterruptedException {
        door.keep(channel, accountId, note);
    }

    @Override
    public Optional<String> note(String channel, String accountId, String name) throws InterruptedException {
        return door.note(channel, accountId, name);
    }

    @Override
    public List<Command> commands(String channel, String accountId) {
        return chatCommands.of(channel, accountId);
    }

    @Override
    public Clock clock() {
        // Signatures and dates of platforms go by what the wall says.
        return Clock.systemUTC();
    }

    @Override
    public Answer receiveAndWait(String channel, String accountId, InboundMessage message, Duration wait)
            throws NotAccepted, InterruptedException {
        return door.receiveAndWait(channel, accountId, message, wait);
    }
}
