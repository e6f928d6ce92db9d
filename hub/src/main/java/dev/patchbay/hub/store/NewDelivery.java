package dev.patchbay.hub.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message to queue.
 *
 * @param deliveryId made by the caller, unique
 * @param messageId the message whose turn made it, if any
 * @param body the outbound message as JSON, opaque to the store
 * @param possiblyRepeated true if something of it may already have reached the peer
 * @param parts into how many parts the text is split
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record NewDelivery(
        String deliveryId,
        LaneKey lane,
        @Nullable String messageId,
        @Nullable String sessionKey,
        byte[] body,
        int parts,
        Instant createdAt,
        Instant expiresAt,
        boolean possiblyRepeated) {

    /** A message of which nothing can have reached anybody yet. */
    public NewDelivery(
            String deliveryId,
            LaneKey lane,
            @Nullable String messageId,
            @Nullable String sessionKey,
            byte[] body,
            int parts,
            Instant createdAt,
            Instant expiresAt) {
        this(deliveryId, lane, messageId, sessionKey, body, parts, createdAt, expiresAt, false);
    }
}
