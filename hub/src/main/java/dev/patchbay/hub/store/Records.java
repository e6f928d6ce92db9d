package dev.patchbay.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The records with checksums as raw rows: where each kind keeps the names that go into its checksum. */
enum Records {
    INBOX(Body.Kind.INBOX, "accepted_at", "", "message_id", "session_key", "agent_id", "channel"),
    LINES(
            Body.Kind.LINE,
            "written_at",
            " LEFT JOIN sessions s ON s.id = r.session_id",
            "line_id",
            "s.session_key",
            "role"),
    DELIVERIES(
            Body.Kind.DELIVERY,
            "created_at",
            "",
            "delivery_id",
            "channel",
            "account_id",
            "peer_kind",
            "peer_id",
            "thread_id",
            "message_id",
            "session_key"),
    EVENTS(Body.Kind.EVENT, "written_at", "", "type"),
    BINDINGS(Body.Kind.BINDINGS, "written_at", "", "set_by"),
    NOTES(Body.Kind.NOTE, "0", "", "scope", "name"),
    TASKS(Body.Kind.TASK, "created_at", "", "task_id", "agent_id", "session_key");

    final Body.Kind kind;
    private final int names;
    private final String select;

    Records(Body.Kind kind, String time, String join, String... names) {
        this.kind = kind;
        this.names = names.length;
        var columns = new StringBuilder("SELECT r." + kind.key + ", r.body_bytes, r.body, r.checksum, ")
                .append(time.equals("0") ? "0" : "r." + time);
        for (String name : names) {
            columns.append(", ").append(name.indexOf('.') < 0 ? "r." + name : name);
        }
        this.select = columns + " FROM " + kind.table + " r" + join + " WHERE r." + kind.key + " > ? ORDER BY r."
                + kind.key + " FETCH FIRST ? ROWS ONLY";
    }

    /** A row whose body may lie elsewhere. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Raw(
            Records of,
            long key,
            int bodyBytes,
            byte[] inline,
            int checksum,
            long atMicros,
            @Nullable String[] names) {

        /** What people know it by. */
        String id() {
            String name = of == NOTES ? names[0] + "/" + names[1] : names[0];
            return name == null ? "" : Texts.cut(name, 80);
        }

        /** The whole body; null if it is damaged. */
        byte @Nullable [] body(Sql sql) throws SQLException {
            byte[] body = Body.whole(sql, of.kind, key, inline, bodyBytes);
            return isOrphan() || Body.checksum(body, names) == checksum ? body : null;
        }

        /** A line of a session that was cleared or deleted: nobody reads it again, and nobody can tell whether it is whole. */
        private boolean isOrphan() {
            return of == LINES && names[1] == null;
        }
    }

    List<Raw> after(Sql sql, long key, int limit) throws SQLException {
        return sql.list(this::read, select, key, limit);
    }

    private Raw read(ResultSet row) throws SQLException {
        var found = new ArrayList<@Nullable String>();
        for (int i = 0; i < names; i++) {
            found.add(row.getString(6 + i));
        }
        byte[] inline = row.getBytes(3);
        return new Raw(
                this,
                row.getLong(1),
                row.getInt(2),
                inline == null ? new byte[0] : inline,
                row.getInt(4),
                row.getLong(5),
                found.toArray(new @Nullable String[0]));
    }
}
