package dev.patchbay.hub.delivery;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message to send.
 *
 * @param replyTo the platform's id of the message that this one answers
 * @param draftId the platform's id of the draft whose place it takes
 * @param isPossiblyRepeated true if something of it may already have reached the peer
 * @param ttl how long it is worth sending; empty: as the channel's policy says
 * @param messageId the message that it answers, if it comes from a turn
 */
public record Outbound(
        String channel,
        String accountId,
        Peer to,
        @Nullable String threadId,
        String text,
        List<Attachment> attachments,
        List<Button> buttons,
        @Nullable String replyTo,
        @Nullable String draftId,
        boolean isPossiblyRepeated,
        Optional<Duration> ttl,
        @Nullable String messageId,
        @Nullable String sessionKey) {

    public Outbound {
        attachments = List.copyOf(attachments);
        buttons = List.copyOf(buttons);
    }
}
