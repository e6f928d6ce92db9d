package dev.patchbay.hub.store;

import dev.patchbay.hub.store.DedupTable.Known;
import dev.patchbay.hub.store.DedupTable.Space;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What agents work on in the background. */
final class TaskTable {
    private static final String COLUMNS = "place, task_id, agent_id, session_key, state, attempts, failures, progress,"
            + " note, error, created_at, expires_at, started_at, next_attempt_at, finished_at, body_bytes, body,"
            + " checksum";
    private static final int NOTE_CHARS = 1_000;
    private static final int ERROR_CHARS = 2_000;
    private static final int STEP = 1_000;
    private static final int OPEN = 0;
    private static final int ENDED = 1;
    private static final byte[] NOTHING = {};

    private TaskTable() {}

    private record Raw(StoredTask task, int bodyBytes, int checksum) {
        static Raw read(ResultSet row) throws SQLException {
            var standing = new TaskStanding(
                    TaskCode.state(row.getInt(5)),
                    row.getInt(6),
                    row.getInt(7),
                    row.getInt(8),
                    row.getString(9),
                    row.getString(10),
                    time(row, 13),
                    time(row, 14),
                    time(row, 15));
            return new Raw(
                    new StoredTask(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getBytes(17),
                            Micros.at(row.getLong(11)),
                            Micros.at(row.getLong(12)),
                            standing),
                    row.getInt(16),
                    row.getInt(18));
        }

        private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
            long micros = row.getLong(column);
            return Micros.atOrNull(micros, row.wasNull());
        }

        /** With its whole body; null if it is damaged, which is noted. */
        @Nullable
        StoredTask verified(Look look) throws SQLException {
            byte[] body = Body.whole(look.sql(), Body.Kind.TASK, task.seq(), task.body(), bodyBytes);
            if (Body.checksum(body, task.taskId(), task.agentId(), task.sessionKey()) != checksum) {
                look.damaged(Body.Kind.TASK, task.seq());
                return null;
            }
            return with(body);
        }

        StoredTask with(byte[] body) {
            return new StoredTask(
                    task.seq(),
                    task.taskId(),
                    task.agentId(),
                    task.sessionKey(),
                    body,
                    task.createdAt(),
                    task.expiresAt(),
                    task.standing());
        }
    }

    static Body body(NewTask task) {
        return Body.of(task.body(), task.taskId(), task.agentId(), task.sessionKey());
    }

    static Accepted create(Tx tx, NewTask task, Body body, Optional<DedupKey> dedup) throws SQLException {
        if (dedup.isPresent()) {
            Known known = DedupTable.find(tx.sql(), Space.TASK, dedup.get());
            if (known != null) {
                boolean same = known.fingerprint().equals(dedup.get().fingerprint());
                return new Accepted(known.id(), true, same);
            }
        }
        long place = tx.state().nextPlace();
        tx.sql()
                .update(
                        "INSERT INTO tasks (" + COLUMNS + ", shelf) VALUES (?, ?, ?, ?, ?, 0, 0, 0, NULL, NULL, ?, ?,"
                                + " NULL, NULL, NULL, ?, ?, ?, " + OPEN + ")",
                        place,
                        task.taskId(),
                        task.agentId(),
                        task.sessionKey(),
                        TaskCode.of(TaskState.QUEUED),
                        Micros.of(task.createdAt()),
                        Micros.of(task.expiresAt()),
                        body.bytes().length,
                        body.inline(),
                        body.checksum());
        body.spill(tx.sql(), Body.Kind.TASK, place);
        if (dedup.isPresent()) {
            DedupTable.insert(tx.sql(), Space.TASK, dedup.get(), place, task.taskId(), task.createdAt());
        }
        return new Accepted(task.taskId(), false, true);
    }

    static void change(Tx tx, TaskChange change) throws SQLException {
        record Found(long place, int shelf, String agentId, String sessionKey, int bodyBytes) {}
        Found found = tx.sql()
                .first(
                        row -> new Found(
                                row.getLong(1), row.getInt(2), row.getString(3), row.getString(4), row.getInt(5)),
                        "SELECT place, shelf, agent_id, session_key, body_bytes FROM tasks WHERE task_id = ?",
                        change.taskId());
        if (found == null || found.shelf() != OPEN) {
            throw new StoreException(
                    StoreException.Kind.CONFLICT,
                    "task " + change.taskId() + (found == null ? " does not exist" : " has ended"));
        }
        TaskStanding now = change.standing();
        tx.sql()
                .update(
                        "UPDATE tasks SET state = ?, shelf = ?, attempts = ?, failures = ?, progress = ?, note = ?,"
                                + " error = ?, started_at = ?, next_attempt_at = ?, finished_at = ? WHERE place = ?",
                        TaskCode.of(now.state()),
                        now.state().isOpen() ? OPEN : ENDED,
                        now.attempts(),
                        now.failures(),
                        now.progress(),
                        Texts.cutOrNull(now.note(), NOTE_CHARS),
                        Texts.cutOrNull(now.error(), ERROR_CHARS),
                        micros(now.startedAt()),
                        micros(now.nextAttemptAt()),
                        micros(now.finishedAt()),
                        found.place());
        if (change.body().isPresent()) {
            Body body = Body.of(change.body().get(), change.taskId(), found.agentId(), found.sessionKey());
            Body.forget(tx.sql(), Body.Kind.TASK, found.place(), found.bodyBytes());
            tx.sql()
                    .update(
                            "UPDATE tasks SET body_bytes = ?, body = ?, checksum = ? WHERE place = ?",
                            body.bytes().length,
                            body.inline(),
                            body.checksum(),
                            found.place());
            body.spill(tx.sql(), Body.Kind.TASK, found.place());
        }
    }

    static Optional<StoredTask> find(Look look, String taskId) throws SQLException {
        Raw row = look.sql().first(Raw::read, "SELECT " + COLUMNS + " FROM tasks WHERE task_id = ?", taskId);
        if (row == null) {
            return Optional.empty();
        }
        StoredTask task = row.verified(look);
        if (task == null) {
            throw new StoreException(StoreException.Kind.DAMAGED, "task " + taskId + " is damaged and was set aside");
        }
        return Optional.of(task);
    }

    static List<StoredTask> open(Look look, long afterPlace, int limit) throws SQLException {
        var tasks = new ArrayList<StoredTask>();
        long after = afterPlace;
        while (tasks.size() < limit) {
            int wanted = limit - tasks.size();
            List<Raw> rows = look.sql()
                    .list(
                            Raw::read,
                            "SELECT " + COLUMNS + " FROM tasks WHERE shelf = " + OPEN
                                    + " AND place > ? ORDER BY shelf, place FETCH FIRST ? ROWS ONLY",
                            after,
                            wanted);
            for (Raw row : rows) {
                after = row.task().seq();
                if (row.verified(look) != null) {
                    tasks.add(row.with(NOTHING));
                }
            }
            if (rows.size() < wanted) {
                break;
            }
        }
        return tasks;
    }

    static Page<StoredTask> list(Look look, TaskFilter filter, int limit, long below) throws SQLException {
        var sql = new StringBuilder("SELECT " + COLUMNS + " FROM tasks WHERE place < ?");
        var parameters = new ArrayList<@Nullable Object>();
        parameters.add(below);
        filter.state().ifPresent(state -> {
            sql.append(" AND state = ?");
            parameters.add(TaskCode.of(state));
        });
        filter.agentId().ifPresent(agent -> {
            sql.append(" AND agent_id = ?");
            parameters.add(agent);
        });
        filter.sessionKey().ifPresent(session -> {
            sql.append(" AND session_key = ?");
            parameters.add(session);
        });
        filter.agents().ifPresent(agents -> sql.append(Sql.among("agent_id", agents, parameters)));
        sql.append(" ORDER BY place DESC FETCH FIRST ? ROWS ONLY");
        parameters.add(limit + 1);
        List<Raw> rows = look.sql().list(Raw::read, sql.toString(), parameters.toArray());
        var tasks = new ArrayList<StoredTask>();
        long bytes = 0;
        Raw last = null;
        for (Raw row : rows.subList(0, Math.min(limit, rows.size()))) {
            bytes += row.bodyBytes();
            if (last != null && bytes > TranscriptTable.PAGE_BYTES_MAX) {
                return new Page<>(tasks, Optional.of(cursor(last)));
            }
            last = row;
            StoredTask task = row.verified(look);
            if (task != null) {
                tasks.add(task);
            }
        }
        return new Page<>(tasks, last != null && rows.size() > limit ? Optional.of(cursor(last)) : Optional.empty());
    }

    static Map<TaskState, Long> counts(Look look) throws SQLException {
        var counts = new EnumMap<TaskState, Long>(TaskState.class);
        look.sql()
                .list(
                        row -> counts.put(TaskCode.state(row.getInt(1)), row.getLong(2)),
                        "SELECT state, COUNT(*) FROM tasks GROUP BY state");
        return counts;
    }

    /** Removes some of the oldest ended ones; true if there may be more. */
    static boolean prune(Tx tx, TaskRetention retention, Instant now) throws SQLException {
        record Found(long place, long finishedAt, int bodyBytes, String taskId, String agentId, String sessionKey) {}
        record Total(long count, long bytes) {}
        Total total = tx.sql()
                .first(
                        row -> new Total(row.getLong(1), row.getLong(2)),
                        "SELECT COUNT(*), COALESCE(SUM(CAST(body_bytes AS BIGINT)), 0) FROM tasks WHERE shelf = "
                                + ENDED);
        long count = total == null ? 0 : total.count();
        long bytes = total == null ? 0 : total.bytes();
        long beforeMicros = Micros.of(now.minus(retention.age()));
        int removed = 0;
        for (Found each : tx.sql()
                .list(
                        row -> new Found(
                                row.getLong(1),
                                row.getLong(2),
                                row.getInt(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6)),
                        "SELECT place, finished_at, body_bytes, task_id, agent_id, session_key FROM tasks WHERE shelf"
                                + " = "
                                + ENDED + " ORDER BY finished_at, place FETCH FIRST " + STEP + " ROWS ONLY")) {
            if (count <= retention.count() && bytes <= retention.bytes() && each.finishedAt() >= beforeMicros) {
                return false;
            }
            tx.sql().update("DELETE FROM tasks WHERE place = ?", each.place());
            Body.forget(tx.sql(), Body.Kind.TASK, each.place(), each.bodyBytes());
            if (each.sessionKey().equals(ownSession(each.agentId(), each.taskId()))) {
                SessionTable.delete(tx, each.sessionKey());
            }
            count--;
            bytes -= each.bodyBytes();
            removed++;
        }
        return removed == STEP;
    }

    /** The session that nobody but the task has used: it goes with it. */
    private static String ownSession(String agentId, String taskId) {
        return "agent:" + agentId + ":task:" + taskId;
    }

    private static String cursor(Raw row) {
        return Cursor.write(Cursor.Of.TASKS, row.task().seq());
    }

    private static @Nullable Long micros(@Nullable Instant at) {
        return at == null ? null : (Long) Micros.of(at);
    }
}
