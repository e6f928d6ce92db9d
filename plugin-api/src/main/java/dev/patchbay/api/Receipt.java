package dev.patchbay.api;

import java.util.Objects;

/**
 * Proof that the hub has dealt with an inbound message: now the channel may acknowledge it to its platform.
 *
 * @param messageId Patchbay's id of the message, the same when a repeat is handed in; empty if it was turned away
 * @param status what became of it
 */
public record Receipt(String messageId, Status status) {

    /** What became of a message. */
    public enum Status {
        /** On disk; its turn will come. */
        STORED,
        /** It was stored earlier; no second turn will come. */
        DUPLICATE,
        /** The account is closed to its sender, or it did not mean the bot: nothing was stored, and no turn will come. */
        TURNED_AWAY
    }

    public Receipt {
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(status, "status");
    }

    /** A message that was stored, now or earlier. */
    public Receipt(String messageId, boolean duplicate) {
        this(messageId, duplicate ? Status.DUPLICATE : Status.STORED);
    }

    /** A message that the hub does not want. */
    public static Receipt turnedAway() {
        return new Receipt("", Status.TURNED_AWAY);
    }

    public boolean duplicate() {
        return status == Status.DUPLICATE;
    }

    public boolean isTurnedAway() {
        return status == Status.TURNED_AWAY;
    }
}
