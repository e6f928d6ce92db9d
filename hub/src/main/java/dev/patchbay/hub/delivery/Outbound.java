package dev.patchbay.hub.delivery;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message to send.
 *
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
        @Nullable String replyTo,
        Optional<Duration> ttl,
        @Nullable String messageId,
        @Nullable String sessionKey) {

    public Outbound {
        attachments = List.copyOf(attachments);
    }
}
