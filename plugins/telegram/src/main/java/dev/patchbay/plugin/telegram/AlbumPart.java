package dev.patchbay.plugin.telegram;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import dev.patchbay.plugin.telegram.Incoming.Acknowledge;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of an album, as it is written into a note.
 *
 * @param id the message's remote id, {@code CHAT:MESSAGE}
 * @param kind the peer's kind
 * @param sentAt seconds since 1970, 0 if not known
 */
record AlbumPart(
        String album,
        String id,
        String kind,
        String peer,
        @Nullable String thread,
        @Nullable String sender,
        @Nullable String senderName,
        String text,
        @Nullable String replyTo,
        boolean addressed,
        long sentAt,
        List<RemoteFile> files) {

    static AlbumPart of(Said said) {
        InboundMessage message = said.message();
        Sender sender = message.sender();
        Instant sentAt = message.sentAt();
        return new AlbumPart(
                String.valueOf(said.album()),
                String.valueOf(message.remoteId()),
                message.peer().kind().word(),
                message.peer().id(),
                message.threadId(),
                sender == null ? null : sender.id(),
                sender == null ? null : FileFetch.cleanOrNull(sender.name()),
                message.text(),
                message.replyTo(),
                message.addressed(),
                sentAt == null ? 0 : sentAt.getEpochSecond(),
                said.files());
    }

    Said said() {
        InboundMessage message = InboundMessage.from(new Peer(Peer.Kind.of(kind), peer), text)
                .remoteId(id)
                .threadId(thread)
                .sender(sender == null ? null : new Sender(sender, senderName))
                .replyTo(replyTo)
                .addressed(addressed)
                .sentAt(sentAt == 0 ? null : Instant.ofEpochSecond(sentAt))
                .build();
        int messageId = Integer.parseInt(id.substring(id.indexOf(':') + 1));
        return new Said(message, files, album, new Acknowledge.Message(peer, messageId));
    }
}
