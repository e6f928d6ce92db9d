package dev.patchbay.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Transcript lines. They belong to a session's number, so that a whole transcript goes by changing one row. */
final class TranscriptTable {
    private static final String SELECT = "SELECT l.seq, l.line_id, s.session_key, l.role, l.written_at, l.body_bytes,"
            + " l.body, l.checksum FROM lines l JOIN sessions s ON s.id = l.session_id ";

    /** Most bytes of bodies in one page, so that a page of large ones does not fill the memory. */
    static final int PAGE_BYTES_MAX = 16 * 1024 * 1024;

    private static final int STEP = 1_000;

    private TranscriptTable() {}

    /** A line ready to be written. */
    record Ready(NewLine line, Body body) {}

    /** As it lies in the table. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Raw(
            long seq,
            String lineId,
            String sessionKey,
            String role,
            Instant at,
            int bodyBytes,
            byte[] inline,
            int checksum) {
        static Raw read(ResultSet row) throws SQLException {
            return new Raw(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    Micros.at(row.getLong(5)),
                    row.getInt(6),
                    row.getBytes(7),
                    row.getInt(8));
        }

        /** The line; null if it is damaged, which is noted. */
        @Nullable
        StoredLine verified(Look look) throws SQLException {
            byte[] body = Body.whole(look.sql(), Body.Kind.LINE, seq, inline, bodyBytes);
            if (Body.checksum(body, lineId, sessionKey, role) != checksum) {
                look.damaged(Body.Kind.LINE, seq);
                return null;
            }
            return new StoredLine(seq, lineId, sessionKey, role, Body.lineContent(body), at, Body.lineMetadata(body));
        }
    }

    static Ready ready(NewLine line, String sessionKey) {
        return new Ready(line, Body.of(Body.ofLine(line), line.lineId(), sessionKey, line.role()));
    }

    static boolean exists(Sql sql, String lineId) throws SQLException {
        return sql.first(row -> row.getLong(1), "SELECT seq FROM lines WHERE line_id = ?", lineId) != null;
    }

    static long insert(Tx tx, long sessionId, Ready ready) throws SQLException {
        long seq = tx.state().nextSeq();
        NewLine line = ready.line();
        tx.sql()
                .update(
                        "INSERT INTO lines (seq, session_id, line_id, role, written_at, body_bytes, body, checksum)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        seq,
                        sessionId,
                        line.lineId(),
                        line.role(),
                        Micros.of(line.at()),
                        ready.body().bytes().length,
                        ready.body().inline(),
                        ready.body().checksum());
        ready.body().spill(tx.sql(), Body.Kind.LINE, seq);
        return seq;
    }

    static Page<StoredLine> history(Look look, String sessionKey, long archive, int limit, long below)
            throws SQLException {
        Long session = SessionTable.id(look.sql(), sessionKey, archive);
        if (session == null) {
            return new Page<>(List.of(), Optional.empty());
        }
        List<Raw> rows = look.sql()
                .list(
                        Raw::read,
                        SELECT + "WHERE l.session_id = ? AND l.seq < ? ORDER BY l.session_id DESC, l.seq DESC"
                                + " FETCH FIRST ? ROWS ONLY",
                        session,
                        below,
                        limit + 1);
        var lines = new ArrayList<StoredLine>();
        long bytes = 0;
        long last = 0;
        int used = 0;
        for (Raw row : rows.subList(0, Math.min(limit, rows.size()))) {
            bytes += row.bodyBytes();
            if (used > 0 && bytes > PAGE_BYTES_MAX) {
                break;
            }
            used++;
            last = row.seq();
            StoredLine line = row.verified(look);
            if (line != null) {
                lines.addFirst(line);
            }
        }
        boolean more = used < rows.size();
        return new Page<>(lines, more ? Optional.of(Cursor.write(Cursor.Of.HISTORY, last)) : Optional.empty());
    }

    static Optional<StoredLine> find(Look look, String lineId) throws SQLException {
        Raw row = look.sql().first(Raw::read, SELECT + "WHERE l.line_id = ?", lineId);
        if (row == null) {
            return Optional.empty();
        }
        StoredLine line = row.verified(look);
        if (line == null) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED, "transcript line " + lineId + " is damaged and was set aside");
        }
        return Optional.of(line);
    }

    static List<Raw> after(Sql sql, long afterSeq, int limit) throws SQLException {
        return sql.list(Raw::read, SELECT + "WHERE l.seq > ? ORDER BY l.seq FETCH FIRST ? ROWS ONLY", afterSeq, limit);
    }

    /** Removes some lines that belong to no session any more; true if there may be more. */
    static boolean pruneOrphans(Sql sql) throws SQLException {
        Long session = sql.first(row -> row.getLong(1), "SELECT session_id FROM orphans FETCH FIRST ROW ONLY");
        if (session == null) {
            return false;
        }
        record Found(long seq, int bodyBytes) {}
        List<Found> lines = sql.list(
                row -> new Found(row.getLong(1), row.getInt(2)),
                "SELECT seq, body_bytes FROM lines WHERE session_id = ? FETCH FIRST " + STEP + " ROWS ONLY",
                session);
        for (Found each : lines) {
            sql.update("DELETE FROM lines WHERE seq = ?", each.seq());
            Body.forget(sql, Body.Kind.LINE, each.seq(), each.bodyBytes());
        }
        if (lines.size() < STEP) {
            sql.update("DELETE FROM orphans WHERE session_id = ?", session);
        }
        return true;
    }
}
