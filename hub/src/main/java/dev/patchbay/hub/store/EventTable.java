package dev.patchbay.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that stem from no transcript line, and the merge of both. */
final class EventTable {
    private static final int STEP = 1_000;

    private EventTable() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Raw(long seq, String type, Instant at, int bodyBytes, byte[] inline, int checksum) {
        static Raw read(ResultSet row) throws SQLException {
            return new Raw(
                    row.getLong(1),
                    row.getString(2),
                    Micros.at(row.getLong(3)),
                    row.getInt(4),
                    row.getBytes(5),
                    row.getInt(6));
        }

        Happening.@Nullable Event verified(Look look) throws SQLException {
            byte[] body = Body.whole(look.sql(), Body.Kind.EVENT, seq, inline, bodyBytes);
            if (Body.checksum(body, type) != checksum) {
                look.damaged(Body.Kind.EVENT, seq);
                return null;
            }
            return new Happening.Event(seq, type, Body.fields(body), at);
        }
    }

    static long append(Tx tx, String type, Body body, Instant at) throws SQLException {
        long seq = tx.state().nextSeq();
        tx.sql()
                .update(
                        "INSERT INTO events (seq, type, written_at, body_bytes, body, checksum) VALUES (?, ?, ?, ?, ?,"
                                + " ?)",
                        seq,
                        type,
                        Micros.of(at),
                        body.bytes().length,
                        body.inline(),
                        body.checksum());
        body.spill(tx.sql(), Body.Kind.EVENT, seq);
        return seq;
    }

    static List<Happening> happenings(Look look, long afterSeq, int limit) throws SQLException {
        var happenings = new ArrayList<Happening>();
        long after = afterSeq;
        long bytes = 0;
        while (happenings.size() < limit) {
            int wanted = limit - happenings.size();
            List<TranscriptTable.Raw> lines = TranscriptTable.after(look.sql(), after, wanted);
            List<Raw> events = look.sql()
                    .list(
                            Raw::read,
                            "SELECT seq, type, written_at, body_bytes, body, checksum FROM events WHERE seq > ?"
                                    + " ORDER BY seq FETCH FIRST ? ROWS ONLY",
                            after,
                            wanted);
            int line = 0;
            int event = 0;
            for (int taken = 0; taken < wanted && (line < lines.size() || event < events.size()); taken++) {
                boolean lineFirst = event == events.size()
                        || (line < lines.size()
                                && lines.get(line).seq() < events.get(event).seq());
                bytes += lineFirst
                        ? lines.get(line).bodyBytes()
                        : events.get(event).bodyBytes();
                if (bytes > TranscriptTable.PAGE_BYTES_MAX && !happenings.isEmpty()) {
                    return happenings;
                }
                Happening happening;
                if (lineFirst) {
                    TranscriptTable.Raw row = lines.get(line++);
                    after = row.seq();
                    StoredLine stored = row.verified(look);
                    happening = stored == null ? null : new Happening.Line(stored);
                } else {
                    Raw row = events.get(event++);
                    after = row.seq();
                    happening = row.verified(look);
                }
                if (happening != null) {
                    happenings.add(happening);
                }
            }
            if (lines.size() + events.size() < wanted) {
                break;
            }
        }
        return happenings;
    }

    /** Removes some events from before a moment; true if there may be more. */
    static boolean prune(Tx tx, Instant before) throws SQLException {
        record Found(long seq, long at, int bodyBytes) {}
        List<Found> oldest = tx.sql()
                .list(
                        row -> new Found(row.getLong(1), row.getLong(2), row.getInt(3)),
                        "SELECT seq, written_at, body_bytes FROM events ORDER BY seq FETCH FIRST " + STEP
                                + " ROWS ONLY");
        long beforeMicros = Micros.of(before);
        int removed = 0;
        for (Found each : oldest) {
            // Only a beginning goes: a gap in the middle could not be told to those who catch up.
            if (each.at() >= beforeMicros) {
                break;
            }
            tx.sql().update("DELETE FROM events WHERE seq = ?", each.seq());
            Body.forget(tx.sql(), Body.Kind.EVENT, each.seq(), each.bodyBytes());
            tx.state().eventsDropped(each.seq());
            removed++;
        }
        return removed == STEP;
    }
}
