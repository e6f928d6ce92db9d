package dev.patchbay.hub.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions, without their lines. */
final class SessionTable {
    private static final String COLUMNS = "session_key, agent_id, channel, account_id, peer_kind, peer_id, created_at,"
            + " updated_at, message_count, used, archive, input_tokens, output_tokens, cost_nanos, currency";

    private SessionTable() {}

    private record Listed(StoredSession session, long used, long archive) {
        static Listed read(ResultSet row) throws SQLException {
            var identity = new SessionIdentity(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6));
            long archive = row.getLong(11);
            return new Listed(
                    new StoredSession(
                            identity,
                            Micros.at(row.getLong(7)),
                            Micros.at(row.getLong(8)),
                            row.getLong(9),
                            archive == 0 ? Optional.empty() : Optional.of(Long.toString(archive)),
                            new SessionUse(row.getLong(12), row.getLong(13), row.getLong(14), row.getString(15))),
                    row.getLong(10),
                    archive);
        }

        String cursor() {
            return archive == 0 ? Cursor.write(Cursor.Of.SESSIONS, used) : Cursor.write(Cursor.Of.ARCHIVES, archive);
        }
    }

    /** Writes down that a session was used, makes it if it is new; its number. */
    static long use(Tx tx, SessionIdentity session, int newLines, Instant at) throws SQLException {
        long used = tx.state().nextPlace();
        Long known = tx.sessionIds().get(session.sessionKey());
        if (known != null && update(tx.sql(), known, session, newLines, at, used)) {
            return known;
        }
        Long stored = id(tx.sql(), session.sessionKey(), 0);
        if (stored != null && update(tx.sql(), stored, session, newLines, at, used)) {
            tx.sessionIds().put(session.sessionKey(), stored);
            return stored;
        }
        long id = tx.state().nextPlace();
        tx.sql()
                .update(
                        "INSERT INTO sessions (id, " + COLUMNS
                                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, '')",
                        id,
                        session.sessionKey(),
                        session.agentId(),
                        session.channel(),
                        session.accountId(),
                        session.peerKind(),
                        session.peerId(),
                        Micros.of(at),
                        Micros.of(at),
                        (long) newLines,
                        used);
        tx.sessionIds().put(session.sessionKey(), id);
        return id;
    }

    /** Adds what a turn has used; one that has used nothing costs nothing here. */
    static void count(Tx tx, long id, SessionUse use) throws SQLException {
        if (use.equals(SessionUse.NONE)) {
            return;
        }
        SessionUse before = tx.sql()
                .first(
                        row -> new SessionUse(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4)),
                        "SELECT input_tokens, output_tokens, cost_nanos, currency FROM sessions WHERE id = ?",
                        id);
        SessionUse sum = before == null ? use : before.plus(use);
        tx.sql()
                .update(
                        "UPDATE sessions SET input_tokens = ?, output_tokens = ?, cost_nanos = ?, currency = ?"
                                + " WHERE id = ?",
                        sum.input(),
                        sum.output(),
                        sum.costNanos(),
                        sum.currency(),
                        id);
    }

    static Optional<StoredSession> find(Look look, String sessionKey) throws SQLException {
        return Optional.ofNullable(look.sql()
                        .first(
                                Listed::read,
                                "SELECT " + COLUMNS + " FROM sessions WHERE session_key = ? AND archive = 0",
                                sessionKey))
                .map(Listed::session);
    }

    /** Those in use by their latest use, those put away by when that was; the latest first. */
    static Page<StoredSession> list(Look look, SessionFilter filter, int limit, Optional<String> cursor)
            throws SQLException {
        Cursor.Of list = filter.archived() ? Cursor.Of.ARCHIVES : Cursor.Of.SESSIONS;
        long below = Cursor.below(list, cursor);
        var sql = new StringBuilder("SELECT " + COLUMNS + " FROM sessions WHERE "
                + (filter.archived() ? "archive > 0 AND archive < ?" : "archive = 0 AND used < ?"));
        var parameters = new ArrayList<@Nullable Object>();
        parameters.add(below);
        filter.agentId().ifPresent(agent -> {
            sql.append(" AND agent_id = ?");
            parameters.add(agent);
        });
        filter.agents().ifPresent(agents -> sql.append(Sql.among("agent_id", agents, parameters)));
        filter.channel().ifPresent(channel -> {
            sql.append(" AND channel = ?");
            parameters.add(channel);
        });
        sql.append(" ORDER BY archive DESC, used DESC FETCH FIRST ? ROWS ONLY");
        parameters.add(limit + 1);
        List<Listed> rows = look.sql().list(Listed::read, sql.toString(), parameters.toArray());
        boolean more = rows.size() > limit;
        List<Listed> page = more ? rows.subList(0, limit) : rows;
        return new Page<>(
                page.stream().map(Listed::session).toList(),
                more ? Optional.of(page.getLast().cursor()) : Optional.empty());
    }

    /** Leaves the lines behind as orphans, which {@code prune} removes; empty if there is no such session. */
    static Optional<Integer> clear(Tx tx, String sessionKey, Instant at) throws SQLException {
        record Found(long id, long lines) {}
        Found found = tx.sql()
                .first(
                        row -> new Found(row.getLong(1), row.getLong(2)),
                        "SELECT id, message_count FROM sessions WHERE session_key = ? AND archive = 0",
                        sessionKey);
        if (found == null) {
            return Optional.empty();
        }
        tx.sql()
                .update(
                        "UPDATE sessions SET id = ?, message_count = 0, updated_at = ?, used = ? WHERE id = ?",
                        tx.state().nextPlace(),
                        Micros.of(at),
                        tx.state().nextPlace(),
                        found.id());
        tx.sql().update("INSERT INTO orphans (session_id) VALUES (?)", found.id());
        return Optional.of((int) Math.min(Integer.MAX_VALUE, found.lines()));
    }

    /** Puts a transcript away: the next use of its key makes a new row. */
    static void archive(Tx tx, long id, Instant at) throws SQLException {
        tx.sql()
                .update(
                        "UPDATE sessions SET archive = ?, updated_at = ? WHERE id = ?",
                        tx.state().nextPlace(),
                        Micros.of(at),
                        id);
    }

    /** Leaves the lines behind as orphans, those of archives too; false if there is no such session. */
    static boolean delete(Tx tx, String sessionKey) throws SQLException {
        tx.sql().update("INSERT INTO orphans (session_id) SELECT id FROM sessions WHERE session_key = ?", sessionKey);
        return tx.sql().update("DELETE FROM sessions WHERE session_key = ?", sessionKey) > 0;
    }

    /** The number of a session's transcript: the one in use, or an archive. */
    static @Nullable Long id(Sql sql, String sessionKey, long archive) throws SQLException {
        return sql.first(
                row -> row.getLong(1),
                "SELECT id FROM sessions WHERE session_key = ? AND archive = ?",
                sessionKey,
                archive);
    }

    private static boolean update(Sql sql, long id, SessionIdentity session, int newLines, Instant at, long used)
            throws SQLException {
        return sql.update(
                        "UPDATE sessions SET agent_id = ?, channel = ?, account_id = ?, peer_kind = ?, peer_id = ?,"
                                + " updated_at = ?, message_count = message_count + ?, used = ?"
                                + " WHERE id = ? AND session_key = ? AND archive = 0",
                        session.agentId(),
                        session.channel(),
                        session.accountId(),
                        session.peerKind(),
                        session.peerId(),
                        Micros.of(at),
                        (long) newLines,
                        used,
                        id,
                        session.sessionKey())
                > 0;
    }
}
