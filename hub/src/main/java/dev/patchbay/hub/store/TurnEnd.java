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
 * @param archives true: the transcript is put away with these lines as its last, and the session goes on with an empty one
 * @param counts what the turn adds to what is counted, in the same transaction
 */
public record TurnEnd(
        String messageId,
        SessionIdentity session,
        List<NewLine> lines,
        List<NewDelivery> deliveries,
        Optional<StoredNote> note,
        boolean archives,
        List<Increase> counts) {

    public TurnEnd {
        counts = List.copyOf(counts);
    }

    /** A turn that counts nothing. */
    public TurnEnd(
            String messageId,
            SessionIdentity session,
            List<NewLine> lines,
            List<NewDelivery> deliveries,
            Optional<StoredNote> note,
            boolean archives) {
        this(messageId, session, lines, deliveries, note, archives, List.of());
    }

    /** A turn that leaves no note and puts nothing away. */
    public TurnEnd(String messageId, SessionIdentity session, List<NewLine> lines, List<NewDelivery> deliveries) {
        this(messageId, session, lines, deliveries, Optional.empty(), false);
    }
}
