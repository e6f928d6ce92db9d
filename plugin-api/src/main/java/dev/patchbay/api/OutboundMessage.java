package dev.patchbay.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message, or one part of a long one, to hand to the platform.
 *
 * @param deliveryId the same in every attempt and every part; at most 26 characters of {@code 0-9A-Z}
 * @param to whom it goes to
 * @param threadId thread or topic inside the peer, if any
 * @param text this part's text, already within {@link ChannelPlugin#textLimit}; never blank
 * @param part from 1 to {@code parts}
 * @param parts how many parts the message has; 1 for most
 * @param replyTo the platform's id of the message this one answers, if any
 * @param sessionKey the session that produced it, if any
 * @param attachments go with the last part
 * @param buttons stand under the last part
 * @param draftId the platform's id of the draft whose place the first part takes, if there is one
 * @param createdAt when it was queued
 * @param possiblyRepeated true if an earlier attempt of this part may have reached the peer
 */
public record OutboundMessage(
        String deliveryId,
        Peer to,
        @Nullable String threadId,
        String text,
        int part,
        int parts,
        @Nullable String replyTo,
        @Nullable String sessionKey,
        List<Attachment> attachments,
        List<Button> buttons,
        @Nullable String draftId,
        Instant createdAt,
        boolean possiblyRepeated) {

    public OutboundMessage {
        Objects.requireNonNull(deliveryId, "deliveryId");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(createdAt, "createdAt");
        if (part < 1 || part > parts) {
            throw new IllegalArgumentException("part " + part + " of " + parts);
        }
        attachments = List.copyOf(attachments);
        buttons = List.copyOf(buttons);
    }

    /** A message of one part with nothing optional, for tests of a channel. */
    public static OutboundMessage of(String deliveryId, Peer to, String text, Instant createdAt) {
        return new OutboundMessage(
                deliveryId, to, null, text, 1, 1, null, null, List.of(), List.of(), null, createdAt, false);
    }

    /** A name for exactly this part that stays the same over all attempts: the delivery id, or {@code id.n}. */
    public String idempotencyKey() {
        return parts == 1 ? deliveryId : deliveryId + "." + part;
    }
}
