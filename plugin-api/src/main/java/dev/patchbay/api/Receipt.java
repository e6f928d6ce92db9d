package dev.patchbay.api;

import java.util.Objects;

/**
 * Proof that an inbound message is on disk: now the channel may acknowledge it to its platform.
 *
 * @param messageId Patchbay's id of the message, the same when a repeat is handed in
 * @param duplicate true if it was stored earlier; no second turn will come
 */
public record Receipt(String messageId, boolean duplicate) {
    public Receipt {
        Objects.requireNonNull(messageId, "messageId");
    }
}
