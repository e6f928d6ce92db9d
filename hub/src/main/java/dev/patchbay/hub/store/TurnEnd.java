package dev.patchbay.hub.store;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The end of one turn.
 *
 * @param messageId the pending message that it answers
 * @param lines user line first
 * @param deliveries what is to be sent, in order
 * @param note kept in the same transaction
 * @param archives true: the transcript is put away with these lines as its last, and the session goes on with an empty one
 * @param together further messages that it answers: all of them are pending, or nothing is written
 * @param use what the turn adds to what is counted, in the same transaction
 */
public record TurnEnd(
        String messageId,
        SessionIdentity session,
        List<NewLine> lines,
        List<NewDelivery> deliveries,
        Optional<StoredNote> note,
        boolean archives,
        List<String> together,
        TurnUse use) {

    public TurnEnd {
        together = List.copyOf(together);
    }

    /** The turn of one message. */
    public TurnEnd(
            String messageId,
            SessionIdentity session,
            List<NewLine> lines,
            List<NewDelivery> deliveries,
            Optional<StoredNote> note,
            boolean archives) {
        this(messageId, session, lines, deliveries, note, archives, List.of(), TurnUse.NONE);
    }

    /** A turn that leaves no note and puts nothing away. */
    public TurnEnd(
            String messageId, SessionIdentity session, List<NewLine> lines, List<NewDelivery> deliveries, TurnUse use) {
        this(messageId, session, lines, deliveries, Optional.empty(), false, List.of(), use);
    }

    /** The turn of one message, which leaves no note, puts nothing away and counts nothing. */
    public TurnEnd(String messageId, SessionIdentity session, List<NewLine> lines, List<NewDelivery> deliveries) {
        this(messageId, session, lines, deliveries, Optional.empty(), false);
    }

    /** All messages that it answers. */
    public List<String> messageIds() {
        return Stream.concat(together.stream(), Stream.of(messageId)).toList();
    }
}
