package dev.patchbay.hub.store;

import java.util.List;
import java.util.Optional;

/**
 * The end of one turn.
 *
 * @param messageId the pending message that it answers
 * @param lines user line first
 * @param deliveries what is to be sent, in order
 * @param note kept in the same transaction
 */
public record TurnEnd(
        String messageId,
        SessionIdentity session,
        List<NewLine> lines,
        List<NewDelivery> deliveries,
        Optional<StoredNote> note) {

    /** A turn that leaves no note. */
    public TurnEnd(String messageId, SessionIdentity session, List<NewLine> lines, List<NewDelivery> deliveries) {
        this(messageId, session, lines, deliveries, Optional.empty());
    }
}
