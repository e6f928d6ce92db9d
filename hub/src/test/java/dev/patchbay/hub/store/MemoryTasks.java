package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tasks of a {@link MemoryStore}. */
final class MemoryTasks {
    private final MemoryTables tables;

    MemoryTasks(MemoryTables tables) {
        this.tables = tables;
    }

    Accepted create(NewTask task, Optional<DedupKey> dedup) {
        MemoryTables.Known known = dedup.isEmpty() ? null : tables.known("t:", dedup.get());
        if (known != null) {
            boolean same = known.fingerprint().equals(dedup.orElseThrow().fingerprint());
            return new Accepted(known.id(), true, same);
        }
        if (tables.taskIds.containsKey(task.taskId())) {
            throw new StoreException(StoreException.Kind.CONFLICT, "task " + task.taskId() + " exists");
        }
        long place = tables.nextPlace();
        tables.put(tables.taskIds, task.taskId(), place);
        tables.put(
                tables.tasks,
                place,
                new StoredTask(
                        place,
                        task.taskId(),
                        task.agentId(),
                        task.sessionKey(),
                        task.body().clone(),
                        MemoryTables.micros(task.createdAt()),
                        MemoryTables.micros(task.expiresAt()),
                        TaskStanding.NEW));
        dedup.ifPresent(key -> tables.remember("t:", key, place, task.taskId(), task.createdAt()));
        return new Accepted(task.taskId(), false, true);
    }

    void change(TaskChange change) {
        StoredTask task = find(change.taskId())
                .filter(each -> each.standing().state().isOpen())
                .orElseThrow(() -> new StoreException(
                        StoreException.Kind.CONFLICT, "task " + change.taskId() + " does not exist or has ended"));
        TaskStanding now = change.standing();
        tables.put(
                tables.tasks,
                task.seq(),
                new StoredTask(
                        task.seq(),
                        task.taskId(),
                        task.agentId(),
                        task.sessionKey(),
                        change.body().map(byte[]::clone).orElse(task.body()),
                        task.createdAt(),
                        task.expiresAt(),
                        new TaskStanding(
                                now.state(),
                                now.attempts(),
                                now.failures(),
                                now.progress(),
                                Texts.cutOrNull(now.note(), 1_000),
                                Texts.cutOrNull(now.error(), 2_000),
                                micros(now.startedAt()),
                                micros(now.nextAttemptAt()),
                                micros(now.finishedAt()))));
    }

    Optional<StoredTask> find(String taskId) {
        return Optional.ofNullable(tables.taskIds.get(taskId)).map(tables.tasks::get);
    }

    List<StoredTask> open(long after, int limit) {
        return tables.tasks.tailMap(after, false).values().stream()
                .filter(each -> each.standing().state().isOpen())
                .limit(limit)
                .map(each -> new StoredTask(
                        each.seq(),
                        each.taskId(),
                        each.agentId(),
                        each.sessionKey(),
                        new byte[0],
                        each.createdAt(),
                        each.expiresAt(),
                        each.standing()))
                .toList();
    }

    Page<StoredTask> list(TaskFilter filter, int limit, long below) {
        List<StoredTask> found = tables.tasks.headMap(below, false).descendingMap().values().stream()
                .filter(each -> filter.state().isEmpty()
                        || filter.state().get() == each.standing().state())
                .filter(each ->
                        filter.agentId().isEmpty() || filter.agentId().get().equals(each.agentId()))
                .filter(each -> filter.sessionKey().isEmpty()
                        || filter.sessionKey().get().equals(each.sessionKey()))
                .limit(limit + 1L)
                .toList();
        boolean more = found.size() > limit;
        List<StoredTask> page = more ? found.subList(0, limit) : found;
        return new Page<>(
                page,
                more ? Optional.of(Cursor.write(Cursor.Of.TASKS, page.getLast().seq())) : Optional.empty());
    }

    Map<TaskState, Long> counts() {
        return tables.tasks.values().stream()
                .collect(Collectors.groupingBy(
                        each -> each.standing().state(), () -> new EnumMap<>(TaskState.class), Collectors.counting()));
    }

    boolean prune(TaskRetention retention, Instant now) {
        List<StoredTask> ended = tables.tasks.values().stream()
                .filter(each -> !each.standing().state().isOpen())
                .sorted(Comparator.comparing(MemoryTasks::finishedAt).thenComparing(StoredTask::seq))
                .toList();
        long count = ended.size();
        long bytes = ended.stream().mapToLong(each -> each.body().length).sum();
        for (StoredTask each : ended) {
            if (count > retention.count()
                    || bytes > retention.bytes()
                    || finishedAt(each).isBefore(now.minus(retention.age()))) {
                tables.remove(tables.taskIds, each.taskId());
                tables.remove(tables.tasks, each.seq());
                count--;
                bytes -= each.body().length;
            }
        }
        return false;
    }

    private static Instant finishedAt(StoredTask task) {
        Instant at = task.standing().finishedAt();
        return at == null ? Instant.EPOCH : at;
    }

    private static @Nullable Instant micros(@Nullable Instant at) {
        return at == null ? null : MemoryTables.micros(at);
    }
}
