package dev.patchbay.plugin.telegram;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Note;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Receipt;
import dev.patchbay.api.Sender;
import dev.patchbay.plugin.telegram.Incoming.Nothing;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hands messages in, with their files. Safe for many threads. */
final class Intake {
    /** A hub's message takes 100, and what does not fit is said. */
    private static final int FILES_MAX = 50;

    private final ChannelHost host;
    private final FileFetch files;
    private final Courtesies courtesies;
    private final boolean fetchesUnaddressed;

    Intake(ChannelHost host, FileFetch files, Courtesies courtesies, boolean fetchesUnaddressed) {
        this.host = host;
        this.files = files;
        this.courtesies = courtesies;
        this.fetchesUnaddressed = fetchesUnaddressed;
    }

    /**
     * Stores one message.
     *
     * @param note kept with it, if there is one
     * @throws NotAccepted if it is not stored; nothing was acknowledged then
     */
    void take(Said said, @Nullable Note note) throws NotAccepted, InterruptedException {
        store(said, withFiles(said), note);
    }

    /** The second half of {@link #take}: stores a message whose files are here. */
    void store(Said said, InboundMessage message, @Nullable Note note) throws NotAccepted, InterruptedException {
        Receipt receipt = note == null ? host.receive(message) : host.receive(message, note);
        courtesies.acknowledge(said.acknowledge(), receipt.status() == Receipt.Status.STORED);
    }

    /** What is no message is left; a button stops to look busy nevertheless. */
    void leave(Nothing nothing) {
        courtesies.acknowledge(nothing.acknowledge(), false);
    }

    /** Several messages that were sent as one: the text of all, the files of all, the id of the first. */
    static Said joined(List<Said> album) {
        Said first = album.getFirst();
        String text = album.stream()
                .map(each -> each.message().text())
                .filter(each -> !each.isBlank())
                .collect(Collectors.joining("\n"));
        var places = album.stream()
                .flatMap(each -> each.message().attachments().stream())
                .toList();
        var all = album.stream().flatMap(each -> each.files().stream()).toList();
        boolean isMeant = album.stream().anyMatch(each -> each.message().addressed());
        return new Said(copy(first.message(), text, places, isMeant), all, first.album(), first.acknowledge());
    }

    /** The first half of {@link #take}: fetches the files. */
    InboundMessage withFiles(Said said) throws NotAccepted, InterruptedException {
        InboundMessage message = said.message();
        var attachments = new ArrayList<>(message.attachments());
        var lines = new ArrayList<String>();
        if (!message.text().isBlank()) {
            lines.add(message.text());
        }
        if (isWorthFetching(message)) {
            List<RemoteFile> wanted = said.files().stream().limit(FILES_MAX).toList();
            FileFetch.Fetched fetched = files.fetch(wanted);
            attachments.addAll(fetched.attachments());
            lines.addAll(fetched.lines());
        } else {
            said.files().forEach(file -> lines.add("[" + file.kind() + "]"));
        }
        return copy(message, String.join("\n", lines), attachments, message.addressed());
    }

    /** What is said in a group beside the bot is turned away as a rule, and its files would fill the disk for nothing. */
    private boolean isWorthFetching(InboundMessage message) {
        return message.peer().kind() == Peer.Kind.DIRECT || message.addressed() || fetchesUnaddressed;
    }

    private static InboundMessage copy(
            InboundMessage from, String text, List<Attachment> attachments, boolean isMeant) {
        Sender sender = from.sender();
        return InboundMessage.from(from.peer(), text)
                .remoteId(from.remoteId())
                .threadId(from.threadId())
                .sender(sender == null ? null : new Sender(sender.id(), FileFetch.cleanOrNull(sender.name())))
                .attach(attachments)
                .replyTo(from.replyTo())
                .edits(from.edits())
                .addressed(isMeant)
                .sentAt(from.sentAt())
                .build();
    }
}
