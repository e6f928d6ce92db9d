package dev.patchbay.hub.store;

import dev.patchbay.hub.store.StoreReport.Finding;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads every row of a store that nobody changes meanwhile, and every record's checksum. For one thread. */
final class RecordWalk {
    private static final String DAMAGED_CURE =
            "the hub sets it aside when it meets it; to get it back: `patchbay backup restore latest`";
    private static final String BINDINGS_CURE =
            "set the bindings again (bindings.set), or go back to the file's" + " (bindings.reset)";
    private static final String UNREADABLE_CURE = "stop the hub and run `patchbay backup restore latest`";

    /** Tables without checksums, by their numeric key. */
    private static final Map<String, String> PLAIN = Map.of(
            "dedup", "place",
            "sessions", "id",
            "orphans", "session_id",
            "set_aside", "place",
            "attempts", "place",
            "big_bodies", "place",
            "delivery_counts", "n");

    private final Sql sql;
    private final BodyVisitor visitor;
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private long wrong;
    private long newestMicros;

    private RecordWalk(Sql sql, BodyVisitor visitor) {
        this.sql = sql;
        this.visitor = visitor;
    }

    /** @throws SQLException if not even the row about the store itself can be read */
    static StoreReport walk(Sql sql, BodyVisitor visitor) throws SQLException {
        return new RecordWalk(sql, visitor).all();
    }

    private StoreReport all() throws SQLException {
        var state = new HubState();
        state.load(sql);
        Set<String> tables = tables(sql);
        for (Records each : Records.values()) {
            if (tables.contains(each.kind.table)) {
                records(each);
            }
        }
        for (String table : new TreeSet<>(PLAIN.keySet())) {
            if (tables.contains(table)) {
                plain(table);
            }
        }
        counts();
        return new StoreReport(
                state.identity(),
                Schema.version(sql),
                rows,
                findings,
                wrong,
                state.published().damaged(),
                newestMicros == 0 ? Optional.empty() : Optional.of(Micros.at(newestMicros)));
    }

    static Set<String> tables(Sql sql) throws SQLException {
        return Set.copyOf(sql.list(
                row -> row.getString(1).toLowerCase(java.util.Locale.ROOT),
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"));
    }

    /** How many rows each table has, as the database counts them; also while it is in use. */
    static Map<String, Long> rowCounts(Sql sql) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : tables(sql)) {
            if (!table.startsWith("flyway") && !table.equals("hub_state")) {
                Long count = sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM " + table);
                counts.put(table, count == null ? 0 : count);
            }
        }
        return counts;
    }

    private void records(Records table) throws SQLException {
        long[] seen = new long[1];
        long latestBindings = table == Records.BINDINGS ? latestBindings() : 0;
        Ranges.walk((key, limit) -> table.after(sql, key, limit), Records.Raw::key, new Ranges.Finds<>() {
            @Override
            public void rows(long after, List<Records.Raw> found) throws SQLException {
                for (Records.Raw each : found) {
                    seen[0]++;
                    newestMicros = Math.max(newestMicros, each.atMicros());
                    byte[] body = bodyOf(each);
                    if (body != null) {
                        visitor.body(body);
                    } else if (table != Records.BINDINGS || each.key() == latestBindings) {
                        found(
                                table.kind.table,
                                each.key(),
                                each.id(),
                                "its checksum does not fit",
                                table == Records.BINDINGS ? BINDINGS_CURE : DAMAGED_CURE);
                    }
                }
                visitor.records(found.size());
            }

            @Override
            public void gap(long after, long to, SQLException why) {
                unreadable(table.kind.table, after, to, why);
            }
        });
        compare(table.kind.table, seen[0]);
    }

    private byte @Nullable [] bodyOf(Records.Raw row) {
        try {
            return row.body(sql);
        } catch (SQLException unreadable) {
            return null;
        }
    }

    private long latestBindings() {
        try {
            Long latest = sql.first(row -> row.getLong(1), "SELECT MAX(place) FROM binding_tables");
            return latest == null ? 0 : latest;
        } catch (SQLException unreadable) {
            return 0;
        }
    }

    private void plain(String table) throws SQLException {
        String key = PLAIN.get(table);
        boolean isUnique = Set.of("dedup", "sessions", "orphans", "set_aside").contains(table);
        long[] seen = new long[1];
        if (isUnique) {
            Ranges.walk(
                    (after, limit) -> sql.list(
                            row -> {
                                long value = row.getLong(key);
                                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                                    row.getObject(i);
                                }
                                return value;
                            },
                            "SELECT * FROM " + table + " WHERE " + key + " > ? ORDER BY " + key
                                    + " FETCH FIRST ? ROWS ONLY",
                            after,
                            limit),
                    Long::longValue,
                    new Ranges.Finds<>() {
                        @Override
                        public void rows(long after, List<Long> found) {
                            seen[0] += found.size();
                            visitor.records(found.size());
                        }

                        @Override
                        public void gap(long after, long to, SQLException why) {
                            unreadable(table, after, to, why);
                        }
                    });
        } else {
            try {
                // Summing makes H2 read every row; counting alone would not.
                Long sum = sql.first(
                        row -> row.getLong(1),
                        "SELECT SUM(CASE WHEN " + key + " IS NULL THEN 0 ELSE 1 END) FROM " + table);
                seen[0] = sum == null ? 0 : sum;
            } catch (SQLException why) {
                unreadable(table, Long.MIN_VALUE, Long.MAX_VALUE, why);
            }
        }
        compare(table, seen[0]);
    }

    /** The tree of a table knows how many rows it has: a page that reads as empty is noticed by that. */
    private void compare(String table, long seen) {
        rows.put(table, seen);
        try {
            Long count = sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM " + table);
            if (count != null
                    && count != seen
                    && findings.stream().noneMatch(each -> each.table().equals(table) && each.key() == 0)) {
                found(table, 0, "", "it should have " + count + " rows and shows " + seen, UNREADABLE_CURE);
            }
        } catch (SQLException why) {
            unreadable(table, Long.MIN_VALUE, Long.MAX_VALUE, why);
        }
    }

    private void counts() {
        record Key(String channel, String account, int state) {}
        try {
            Map<Key, Long> kept = new HashMap<>();
            sql.list(
                    row -> kept.put(new Key(row.getString(1), row.getString(2), row.getInt(3)), row.getLong(4)),
                    "SELECT channel, account_id, state, n FROM delivery_counts WHERE n <> 0");
            Map<Key, Long> counted = new HashMap<>();
            sql.list(
                    row -> counted.put(new Key(row.getString(1), row.getString(2), row.getInt(3)), row.getLong(4)),
                    "SELECT channel, account_id, state, COUNT(*) FROM deliveries GROUP BY channel, account_id, state");
            if (!kept.equals(counted)) {
                found("delivery_counts", 0, "", "they do not fit the deliveries", UNREADABLE_CURE);
            }
        } catch (SQLException why) {
            unreadable("delivery_counts", Long.MIN_VALUE, Long.MAX_VALUE, why);
        }
    }

    private void unreadable(String table, long after, long to, SQLException why) {
        String range = (after == Long.MIN_VALUE ? "from the beginning" : "from " + (after + 1))
                + (to == Long.MAX_VALUE ? " to the end" : " to " + to);
        found(table, 0, range, "cannot be read: " + H2Errors.firstLine(why), UNREADABLE_CURE);
    }

    private void found(String table, long key, String name, String what, String cure) {
        wrong++;
        if (findings.size() < StoreReport.FINDINGS_MAX) {
            findings.add(new Finding(table, key, name, what, cure));
        }
    }
}
