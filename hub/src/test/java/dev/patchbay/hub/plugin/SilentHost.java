package dev.patchbay.hub.plugin;

import dev.patchbay.api.Answer;
import dev.patchbay.api.Attachments;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Note;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Reaction;
import dev.patchbay.api.Receipt;
import dev.patchbay.hub.channel.NoAttachments;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A hub that is never spoken to. */
final class SilentHost implements ChannelHost {
    @Override
    public Receipt receive(InboundMessage message) {
        return new Receipt("m1", false);
    }

    @Override
    public Receipt receive(InboundMessage message, Note note) {
        return receive(message);
    }

    @Override
    public void keep(Note note) {}

    @Override
    public Optional<String> note(String name) {
        return Optional.empty();
    }

    @Override
    public Attachments attachments() {
        return new NoAttachments();
    }

    @Override
    public void reacted(Reaction reaction) {}

    @Override
    public List<Command> commands() {
        return List.of();
    }

    @Override
    public Answer receiveAndWait(InboundMessage message, Duration wait) {
        return new Answer(receive(message), Answer.Status.PENDING, "", "agent:main:main");
    }

    @Override
    public boolean present(OutboundMessage message) {
        return false;
    }

    @Override
    public void report(Condition condition, String reason) {}

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }
}
