package dev.patchbay.hub.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tables of bindings that were set through the API: the latest rules, some earlier ones stay as history. */
final class BindingTables {
    private static final int KEPT = 100;

    private BindingTables() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Found(long place, String by, boolean isReset, int bodyBytes, byte[] inline, int checksum) {}

    static Body body(Optional<String> json, String by) {
        return Body.of(json.orElse("").getBytes(StandardCharsets.UTF_8), by);
    }

    static void save(Tx tx, boolean isReset, Body body, String by, Instant at) throws SQLException {
        long place = tx.state().nextPlace();
        tx.sql()
                .update(
                        "INSERT INTO binding_tables (place, set_by, written_at, is_reset, body_bytes, body, checksum)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        place,
                        by,
                        Micros.of(at),
                        isReset,
                        body.bytes().length,
                        body.inline(),
                        body.checksum());
        body.spill(tx.sql(), Body.Kind.BINDINGS, place);
        record Old(long place, int bodyBytes) {}
        List<Old> old = tx.sql()
                .list(
                        row -> new Old(row.getLong(1), row.getInt(2)),
                        "SELECT place, body_bytes FROM binding_tables ORDER BY place DESC OFFSET " + KEPT
                                + " ROWS FETCH FIRST 100 ROWS ONLY");
        for (Old each : old) {
            tx.sql().update("DELETE FROM binding_tables WHERE place = ?", each.place());
            Body.forget(tx.sql(), Body.Kind.BINDINGS, each.place(), each.bodyBytes());
        }
    }

    static Optional<String> current(Look look) throws SQLException {
        Found found = look.sql()
                .first(
                        row -> new Found(
                                row.getLong(1),
                                row.getString(2),
                                row.getBoolean(3),
                                row.getInt(4),
                                row.getBytes(5),
                                row.getInt(6)),
                        "SELECT place, set_by, is_reset, body_bytes, body, checksum FROM binding_tables"
                                + " ORDER BY place DESC FETCH FIRST ROW ONLY");
        if (found == null || found.isReset()) {
            return Optional.empty();
        }
        byte[] body = Body.whole(look.sql(), Body.Kind.BINDINGS, found.place(), found.inline(), found.bodyBytes());
        if (Body.checksum(body, found.by()) != found.checksum()) {
            // Not set aside: the table before it would then rule, and nobody would know.
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "the bindings set through the API are damaged; set them again, or go back to the file's");
        }
        return Optional.of(new String(body, StandardCharsets.UTF_8));
    }
}
