package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of messages and deliveries that were seen. */
final class DedupTable {
    private static final int STEP = 2_000;

    private DedupTable() {}

    /** What was stored under a key before. */
    record Known(long place, String id, String fingerprint, Instant storedAt) {}

    /** Messages, deliveries and tasks do not share keys. */
    enum Space {
        MESSAGE("m:"),
        DELIVERY("d:"),
        TASK("t:");

        private final String prefix;

        Space(String prefix) {
            this.prefix = prefix;
        }
    }

    static @Nullable Known find(Sql sql, Space space, DedupKey key) throws SQLException {
        return sql.first(
                row -> new Known(row.getLong(1), row.getString(2), row.getString(3), Micros.at(row.getLong(4))),
                "SELECT place, id, fingerprint, stored_at FROM dedup WHERE dedup_key = ?",
                space.prefix + key.key());
    }

    static void insert(Sql sql, Space space, DedupKey key, long place, String id, Instant at) throws SQLException {
        sql.update(
                "INSERT INTO dedup (place, dedup_key, fingerprint, id, stored_at, keep_until) VALUES (?, ?, ?, ?, ?,"
                        + " ?)",
                place,
                space.prefix + key.key(),
                key.fingerprint(),
                id,
                Micros.of(at),
                Micros.of(key.keepUntil()));
    }

    /**
     * Forgets expired keys among the next few after {@code from}: a walk instead of an index, which every message would pay for.
     *
     * @return where to go on; 0 at the end
     */
    static long prune(Sql sql, long from, Instant now) throws SQLException {
        record Seen(long place, long keepUntil) {}
        List<Seen> step = sql.list(
                row -> new Seen(row.getLong(1), row.getLong(2)),
                "SELECT place, keep_until FROM dedup WHERE place > ? ORDER BY place FETCH FIRST " + STEP + " ROWS ONLY",
                from);
        long nowMicros = Micros.of(now);
        for (Seen each : step) {
            if (each.keepUntil() < nowMicros) {
                sql.update("DELETE FROM dedup WHERE place = ?", each.place());
            }
        }
        return step.size() < STEP ? 0 : step.getLast().place();
    }
}
