package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The end of a turn, ready to be written: encoding and checksums are done in the caller's thread. */
record TurnReady(
        List<String> messageIds,
        SessionIdentity session,
        List<TranscriptTable.Ready> lines,
        List<DeliveryTable.Ready> deliveries,
        Optional<NoteTable.Ready> note,
        boolean archives,
        TurnUse use,
        Instant at) {

    static TurnReady of(TurnEnd turn, Instant now) {
        String sessionKey = turn.session().sessionKey();
        return new TurnReady(
                turn.messageIds(),
                turn.session(),
                turn.lines().stream()
                        .map(line -> TranscriptTable.ready(line, sessionKey))
                        .toList(),
                turn.deliveries().stream().map(DeliveryTable.Ready::of).toList(),
                turn.note().map(NoteTable.Ready::of),
                turn.archives(),
                turn.use(),
                turn.lines().isEmpty() ? now : turn.lines().getLast().at());
    }

    TurnCommit write(Tx tx) throws SQLException {
        for (String each : messageIds) {
            if (!InboxTable.remove(tx.sql(), each)) {
                throw new StoreException(
                        StoreException.Kind.CONFLICT, "message " + each + " is not in the inbox (any more)");
            }
        }
        return writeEnd(tx);
    }

    /** The end of a turn that no message in the inbox has caused. */
    TurnCommit writeOwn(Tx tx) throws SQLException {
        for (TranscriptTable.Ready line : lines) {
            if (TranscriptTable.exists(tx.sql(), line.line().lineId())) {
                throw new StoreException(
                        StoreException.Kind.CONFLICT,
                        "turn " + messageIds.getLast() + " has ended before: line "
                                + line.line().lineId() + " is there");
            }
        }
        return writeEnd(tx);
    }

    private TurnCommit writeEnd(Tx tx) throws SQLException {
        long sessionId = SessionTable.use(tx, session, lines.size(), at);
        var lineSeqs = new ArrayList<Long>(lines.size());
        for (TranscriptTable.Ready line : lines) {
            lineSeqs.add(TranscriptTable.insert(tx, sessionId, line));
        }
        SessionTable.count(tx, sessionId, use.session());
        if (archives) {
            SessionTable.archive(tx, sessionId, at);
            SessionTable.use(tx, session, 0, at);
        }
        var deliverySeqs = new ArrayList<Long>(deliveries.size());
        for (DeliveryTable.Ready delivery : deliveries) {
            deliverySeqs.add(DeliveryTable.insert(tx, delivery));
        }
        if (note.isPresent()) {
            NoteTable.keep(tx, note.get());
        }
        for (Increase each : use.counts()) {
            NoteTable.increase(tx, each, at);
        }
        return new TurnCommit(List.copyOf(lineSeqs), List.copyOf(deliverySeqs));
    }
}
