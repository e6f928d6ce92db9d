package dev.patchbay.hub.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small things under a scope and a name. */
final class NoteTable {
    /** Most names in one scope. */
    static final int NAMES_MAX = 10_000;

    private static final String COLUMNS = "place, scope, name, body_bytes, body, checksum";

    private NoteTable() {}

    /** A note with its checksum, made outside of the writer's thread. */
    record Ready(StoredNote note, Body body) {
        static Ready of(StoredNote note) {
            return new Ready(note, Body.of(note.value().getBytes(StandardCharsets.UTF_8), note.scope(), note.name()));
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Raw(long place, String scope, String name, int bodyBytes, byte[] inline, int checksum) {
        static Raw read(ResultSet row) throws SQLException {
            return new Raw(
                    row.getLong(1), row.getString(2), row.getString(3), row.getInt(4), row.getBytes(5), row.getInt(6));
        }
    }

    static void keep(Tx tx, Ready ready) throws SQLException {
        StoredNote note = ready.note();
        Raw old = tx.sql()
                .first(
                        Raw::read,
                        "SELECT " + COLUMNS + " FROM notes WHERE scope = ? AND name = ?",
                        note.scope(),
                        note.name());
        if (old != null) {
            Body.forget(tx.sql(), Body.Kind.NOTE, old.place(), old.bodyBytes());
        }
        if (note.value().isEmpty()) {
            if (old != null) {
                tx.sql().update("DELETE FROM notes WHERE place = ?", old.place());
            }
            return;
        }
        Body body = ready.body();
        long place = old == null ? tx.state().nextPlace() : old.place();
        if (old != null) {
            tx.sql()
                    .update(
                            "UPDATE notes SET body_bytes = ?, body = ?, checksum = ? WHERE place = ?",
                            body.bytes().length,
                            body.inline(),
                            body.checksum(),
                            place);
        } else {
            tx.noteRoom().take(tx.sql(), note.scope(), NAMES_MAX);
            tx.sql()
                    .update(
                            "INSERT INTO notes (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?)",
                            place,
                            note.scope(),
                            note.name(),
                            body.bytes().length,
                            body.inline(),
                            body.checksum());
        }
        body.spill(tx.sql(), Body.Kind.NOTE, place);
    }

    /** Adds to what a note counts; one that is damaged is set aside, and counted anew. */
    static void increase(Tx tx, Increase increase, Instant at) throws SQLException {
        Raw old = tx.sql()
                .first(
                        Raw::read,
                        "SELECT " + COLUMNS + " FROM notes WHERE scope = ? AND name = ?",
                        increase.scope(),
                        increase.name());
        Optional<String> before = old == null ? Optional.empty() : value(tx.sql(), old);
        if (old != null && before.isEmpty()) {
            AsideTable.move(tx, Body.Kind.NOTE, old.place(), "its checksum does not fit", at);
        }
        keep(tx, Ready.of(increase.after(before.orElse(""))));
    }

    static Optional<String> find(Look look, String scope, String name) throws SQLException {
        Raw row = look.sql()
                .first(Raw::read, "SELECT " + COLUMNS + " FROM notes WHERE scope = ? AND name = ?", scope, name);
        return row == null ? Optional.empty() : verified(look, row).map(StoredNote::value);
    }

    static List<StoredNote> all(Look look, String scope) throws SQLException {
        var notes = new ArrayList<StoredNote>();
        for (Raw row : look.sql()
                .list(
                        Raw::read,
                        "SELECT " + COLUMNS + " FROM notes WHERE scope = ? ORDER BY name FETCH FIRST " + NAMES_MAX
                                + " ROWS ONLY",
                        scope)) {
            verified(look, row).ifPresent(notes::add);
        }
        return notes;
    }

    private static Optional<StoredNote> verified(Look look, Raw row) throws SQLException {
        Optional<String> value = value(look.sql(), row);
        if (value.isEmpty()) {
            look.damaged(Body.Kind.NOTE, row.place());
        }
        return value.map(each -> new StoredNote(row.scope(), row.name(), each));
    }

    /** Empty if the row is damaged. */
    private static Optional<String> value(Sql sql, Raw row) throws SQLException {
        byte[] body = Body.whole(sql, Body.Kind.NOTE, row.place(), row.inline(), row.bodyBytes());
        return Body.checksum(body, row.scope(), row.name()) == row.checksum()
                ? Optional.of(new String(body, StandardCharsets.UTF_8))
                : Optional.empty();
    }
}
