package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that could not be used, kept for a look by a person. */
final class AsideTable {
    private static final Logger log = LoggerFactory.getLogger(AsideTable.class);

    private AsideTable() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Found(long place, String id, int bodyBytes, byte[] inline) {}

    /** The latest first. */
    static List<SetAside> list(Sql sql, int limit) throws SQLException {
        return sql.list(
                row -> new SetAside(
                        word(row.getString(2)),
                        row.getLong(1),
                        row.getString(3),
                        row.getString(4),
                        Micros.at(row.getLong(5)),
                        row.getInt(6)),
                "SELECT place, kind, id, reason, written_at, body_bytes FROM set_aside ORDER BY place DESC"
                        + " FETCH FIRST ? ROWS ONLY",
                limit);
    }

    private static String word(String letter) {
        for (Body.Kind each : Body.Kind.values()) {
            if (each.letter().equals(letter)) {
                return each.name().toLowerCase(Locale.ROOT);
            }
        }
        return letter;
    }

    /** Moves a message that no turn can be made of; nothing happens if it is not pending. */
    static void moveMessage(Tx tx, String messageId, String reason, Instant at) throws SQLException {
        Long place = tx.sql().first(row -> row.getLong(1), "SELECT place FROM inbox WHERE message_id = ?", messageId);
        if (place != null) {
            move(tx, Body.Kind.INBOX, place, reason, at);
        }
    }

    /** Moves a record; nothing happens if it is gone. */
    static void move(Tx tx, Body.Kind kind, long place, String reason, Instant at) throws SQLException {
        Sql sql = tx.sql();
        Found found = sql.first(
                row -> new Found(row.getLong(1), row.getString(2), row.getInt(3), row.getBytes(4)),
                "SELECT " + kind.key + ", " + kind.name + ", body_bytes, body FROM " + kind.table + " WHERE " + kind.key
                        + " = ?",
                place);
        if (found == null) {
            return;
        }
        if (kind == Body.Kind.DELIVERY) {
            DeliveryTable.uncount(tx, place);
        }
        byte[] bytes = Body.whole(sql, kind, place, found.inline(), found.bodyBytes());
        Body body = Body.of(bytes);
        long asidePlace = tx.state().nextPlace();
        sql.update(
                "INSERT INTO set_aside (place, kind, id, reason, written_at, body_bytes, body)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                asidePlace,
                kind.letter(),
                Texts.cut(found.id(), 80),
                Texts.cut(reason, 2_000),
                Micros.of(at),
                bytes.length,
                body.inline());
        body.spill(sql, Body.Kind.ASIDE, asidePlace);
        sql.update("DELETE FROM " + kind.table + " WHERE " + kind.key + " = ?", place);
        Body.forget(sql, kind, place, found.bodyBytes());
        tx.state().countDamaged();
        log.error("Set aside {} {}: {}", kind, found.id(), reason);
    }
}
