package dev.patchbay.hub.store;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Takes over into a restored store what can still be read of the damaged one that it replaces: both are of one history, the damaged
 * one is newer. For one thread.
 *
 * <p>A table counts as whole if walking it by key, in order, shows as many rows as its tree counts; adding up all rows does not tell,
 * since garbled keys are still rows. Only of a whole table is what it does not show taken for removed. Of any other, rows are
 * added and the same records brought up to date, and what the backup had stays: checksums do not cover keys, so a row under a wrong
 * key must not push out another one.
 */
final class Salvage {
    private static final int COMMIT_EVERY = 5_000;

    private final Sql target;
    private final Sql source;
    private final Map<String, Long> taken = new LinkedHashMap<>();
    private long damaged;
    private long gaps;
    private int uncommitted;

    /**
     * A table by its key.
     *
     * @param unique what else no two rows share
     */
    private record Table(String name, String key, @Nullable Records records, List<String> unique) {}

    private static final List<Table> TABLES = List.of(
            new Table("sessions", "id", null, List.of("session_key, archive", "archive, used")),
            new Table("orphans", "session_id", null, List.of()),
            new Table("lines", "seq", Records.LINES, List.of("line_id")),
            new Table("inbox", "place", Records.INBOX, List.of("message_id")),
            new Table("deliveries", "place", Records.DELIVERIES, List.of("delivery_id")),
            new Table("events", "seq", Records.EVENTS, List.of()),
            new Table("binding_tables", "place", Records.BINDINGS, List.of()),
            new Table("notes", "place", Records.NOTES, List.of("scope, name")),
            new Table("tasks", "place", Records.TASKS, List.of("task_id")),
            new Table("dedup", "place", null, List.of("dedup_key")),
            new Table("set_aside", "place", null, List.of()));

    /** A row as it is, in the order of the columns. */
    private record Row(long key, List<@Nullable Object> values) {}

    /**
     * What was taken over.
     *
     * @param taken rows that the backup did not have, by table
     * @param damaged records whose checksum did not fit
     * @param gaps places at which rows could not be read
     */
    record Taken(Map<String, Long> taken, long damaged, long gaps) {}

    private Salvage(Sql target, Sql source) {
        this.target = target;
        this.source = source;
    }

    /** Takes over all it can; the target is whole in itself afterwards. */
    static Taken run(Sql target, Sql source) throws SQLException {
        return new Salvage(target, source).all();
    }

    private Taken all() throws SQLException {
        target.connection().setAutoCommit(false);
        for (Table each : TABLES) {
            taken.put(each.name(), table(each));
            target.connection().commit();
        }
        attempts();
        // A message whose lines are there has had its turn.
        target.update("DELETE FROM inbox WHERE message_id IN (SELECT line_id FROM lines)");
        for (Records each : Records.values()) {
            target.update(
                    "DELETE FROM big_bodies WHERE kind = ? AND place NOT IN (SELECT " + each.kind.key + " FROM "
                            + each.kind.table + ")",
                    each.kind.letter());
        }
        target.connection().commit();
        taken.values().removeIf(count -> count == 0);
        return new Taken(taken, damaged, gaps);
    }

    private long table(Table table) throws SQLException {
        List<String> columns = columns(table.name());
        String names = String.join(", ", columns);
        String select = "SELECT " + table.key() + ", " + names + " FROM " + table.name() + " WHERE " + table.key()
                + " > ? ORDER BY " + table.key() + " FETCH FIRST ? ROWS ONLY";
        String insert = "INSERT INTO " + table.name() + " (" + names + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        long newest = number(target, "SELECT COALESCE(MAX(" + table.key() + "), -1) FROM " + table.name());
        long before = number(target, "SELECT COUNT(*) FROM " + table.name());
        long[] news = new long[1];
        Ranges.Reader<Row> reader = (key, limit) -> source.list(
                row -> {
                    var values = new ArrayList<@Nullable Object>();
                    for (int i = 0; i < columns.size(); i++) {
                        values.add(row.getObject(i + 2));
                    }
                    return new Row(row.getLong(1), values);
                },
                select,
                key,
                limit);
        boolean isWhole = isWhole(table, reader);
        Ranges.Finds<Row> finds = new Ranges.Finds<>() {
            @Override
            public void rows(long after, List<Row> rows) throws SQLException {
                Set<Long> bad = damagedOf(table, after, rows);
                if (isWhole) {
                    forget(table, after, rows.getLast().key(), bad);
                }
                for (Row row : rows) {
                    if (!bad.contains(row.key())) {
                        boolean isTaken = put(table, columns, insert, row, isWhole);
                        news[0] += isTaken && row.key() > newest ? 1 : 0;
                    }
                }
                damaged += bad.size();
            }

            @Override
            public void gap(long after, long to, SQLException why) {
                // Counted when the table was found not to be whole.
            }
        };
        long last = Ranges.walk(reader, Row::key, finds);
        if (isWhole) {
            forget(table, last, Long.MAX_VALUE, Set.of());
        }
        return before == 0 && newest < 0 ? number(target, "SELECT COUNT(*) FROM " + table.name()) : news[0];
    }

    private boolean isWhole(Table table, Ranges.Reader<Row> reader) throws SQLException {
        long[] seen = new long[1];
        long[] unread = new long[1];
        Ranges.walk(reader, Row::key, new Ranges.Finds<>() {
            @Override
            public void rows(long after, List<Row> rows) {
                seen[0] += rows.size();
            }

            @Override
            public void gap(long after, long to, SQLException why) {
                unread[0]++;
            }
        });
        boolean isWhole = unread[0] == 0 && seen[0] == counted(table);
        gaps += isWhole ? 0 : Math.max(1, unread[0]);
        return isWhole;
    }

    /** As the tree has it; -1 if not even that can be read. */
    private long counted(Table table) {
        try {
            return number(source, "SELECT COUNT(*) FROM " + table.name());
        } catch (SQLException unreadable) {
            return -1;
        }
    }

    private Set<Long> damagedOf(Table table, long after, List<Row> rows) throws SQLException {
        Records records = table.records();
        if (records == null) {
            return Set.of();
        }
        Set<Long> whole = records.after(source, after, rows.size()).stream()
                .filter(this::isWhole)
                .map(Records.Raw::key)
                .collect(Collectors.toSet());
        return rows.stream().map(Row::key).filter(key -> !whole.contains(key)).collect(Collectors.toSet());
    }

    private boolean isWhole(Records.Raw row) {
        try {
            return row.body(source) != null;
        } catch (SQLException unreadable) {
            return false;
        }
    }

    private void forget(Table table, long after, long to, Set<Long> but) throws SQLException {
        String sql = "DELETE FROM " + table.name() + " WHERE " + table.key() + " > ? AND " + table.key() + " <= ?";
        if (but.isEmpty()) {
            target.update(sql, after, to);
        } else {
            String listed = but.stream().map(String::valueOf).collect(Collectors.joining(", "));
            target.execute(sql.replaceFirst("\\?", Long.toString(after)).replaceFirst("\\?", Long.toString(to))
                    + " AND " + table.key() + " NOT IN (" + listed + ")");
        }
    }

    /** False if another record stands in its place, and which of them is right cannot be told. */
    private boolean put(Table table, List<String> columns, String insert, Row row, boolean isWhole)
            throws SQLException {
        Object[] values = row.values().toArray();
        try {
            target.update(insert, values);
        } catch (SQLException taken) {
            if (taken.getErrorCode() != ErrorCode.DUPLICATE_KEY_1) {
                throw taken;
            }
            if (!isWhole && !isSameRecord(table, columns, values)) {
                damaged++;
                return false;
            }
            // An older row of the backup stands in the place of this one, or under its name.
            for (String key : keys(table)) {
                target.update("DELETE FROM " + table.name() + where(key), valuesOf(key, columns, values));
            }
            target.update(insert, values);
        }
        if (table.records() != null && isBig(columns, values)) {
            big(table.records().kind, row.key());
        }
        if (++uncommitted % COMMIT_EVERY == 0) {
            target.connection().commit();
        }
        return true;
    }

    /** Whether what stands under any of its keys stands under the first of its names as well: key and name agree. */
    private boolean isSameRecord(Table table, List<String> columns, @Nullable Object[] values) throws SQLException {
        if (table.unique().isEmpty()) {
            // Nothing but the key says which record it is: what the backup has was read with its checksum.
            return false;
        }
        String name = table.unique().getFirst();
        var both = new ArrayList<@Nullable Object>();
        both.addAll(Arrays.asList(valuesOf(table.key(), columns, values)));
        both.addAll(Arrays.asList(valuesOf(name, columns, values)));
        String same = where(table.key()) + where(name).replace(" WHERE ", " AND ");
        boolean isThere = target.first(row -> true, "SELECT 1 FROM " + table.name() + same, both.toArray()) != null;
        for (String other : table.unique().subList(1, table.unique().size())) {
            Long holder = target.first(
                    row -> row.getLong(1),
                    "SELECT " + table.key() + " FROM " + table.name() + where(other),
                    valuesOf(other, columns, values));
            isThere &= holder == null || holder.equals(values[columns.indexOf(table.key())]);
        }
        return isThere;
    }

    private static List<String> keys(Table table) {
        return Stream.concat(Stream.of(table.key()), table.unique().stream()).toList();
    }

    private static String where(String key) {
        return " WHERE " + String.join(" = ? AND ", key.split(", ")) + " = ?";
    }

    private static @Nullable Object[] valuesOf(String key, List<String> columns, @Nullable Object[] values) {
        return Stream.of(key.split(", "))
                .map(name -> values[columns.indexOf(name)])
                .toArray();
    }

    private static boolean isBig(List<String> columns, @Nullable Object[] values) {
        return values[columns.indexOf("body_bytes")] instanceof Integer bytes && bytes > Body.INLINE_MAX;
    }

    private void big(Body.Kind kind, long place) throws SQLException {
        target.update("DELETE FROM big_bodies WHERE kind = ? AND place = ?", kind.letter(), place);
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Part(int part, byte[] bytes) {}
        for (Part each : source.list(
                row -> new Part(row.getInt(1), row.getBytes(2)),
                "SELECT part, bytes FROM big_bodies WHERE kind = ? AND place = ? ORDER BY part",
                kind.letter(),
                place)) {
            target.update(
                    "INSERT INTO big_bodies VALUES (?, ?, ?, ?)", kind.letter(), place, each.part(), each.bytes());
        }
    }

    /** All of them or those of the backup: they only tell an operator what happened. */
    private void attempts() throws SQLException {
        List<String> columns = columns("attempts");
        String names = String.join(", ", columns);
        try {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            source.list(
                    row -> {
                        var values = new ArrayList<@Nullable Object>();
                        for (int i = 1; i <= columns.size(); i++) {
                            values.add(row.getObject(i));
                        }
                        return rows.add(values);
                    },
                    "SELECT " + names + " FROM attempts FETCH FIRST 1000000 ROWS ONLY");
            target.update("DELETE FROM attempts");
            for (List<@Nullable Object> each : rows) {
                target.update(
                        "INSERT INTO attempts (" + names + ") VALUES ("
                                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")",
                        each.toArray());
            }
        } catch (SQLException unreadable) {
            target.connection().rollback();
            gaps++;
        }
        target.update("DELETE FROM attempts WHERE place NOT IN (SELECT place FROM deliveries)");
        target.connection().commit();
    }

    private List<String> columns(String table) throws SQLException {
        try (var statement = target.connection().prepareStatement("SELECT * FROM " + table + " WHERE FALSE")) {
            ResultSetMetaData facts = Objects.requireNonNull(statement.getMetaData());
            var columns = new ArrayList<String>();
            for (int i = 1; i <= facts.getColumnCount(); i++) {
                columns.add(facts.getColumnName(i).toLowerCase(Locale.ROOT));
            }
            return columns;
        }
    }

    private static long number(Sql sql, String query) throws SQLException {
        Long number = sql.first(row -> row.getLong(1), query);
        return number == null ? 0 : number;
    }
}
