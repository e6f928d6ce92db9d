package dev.patchbay.hub.store;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory for simulations: what it does depends on its callers and its {@link Gate} alone. No thread, no wait and no chance
 * of its own, and every list comes in a fixed order. Safe for many threads.
 */
public final class MemoryStore implements Store {
    private static final int LIMIT_MAX = 1_000;

    private final Clock clock;
    private final Gate gate;
    private final MemoryTables tables;
    private final MemoryTranscripts transcripts;
    private final MemoryDeliveries deliveries;
    private final MemoryTasks tasks;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;
    private volatile @Nullable StoreException trouble;

    /** What stands before and behind each operation; called in the caller's thread, with nothing locked. */
    public interface Gate {
        /** Lets everything through at once. */
        Gate OPEN = new Gate() {
            @Override
            public void before(String operation) {}

            @Override
            public void committed(String operation) {}
        };

        /**
         * Before an operation, named as in {@link Store}. What it throws reaches the caller, and nothing has happened: a
         * {@link StoreException} of kind UNAVAILABLE or NO_ROOM for a disk that fails, an error of its own for a crash.
         */
        void before(String operation) throws InterruptedException;

        /** After a writing operation has become durable and before its caller knows; what it throws undoes nothing. */
        void committed(String operation) throws InterruptedException;
    }

    /** An empty store. */
    public MemoryStore(Clock clock, Gate gate) {
        this(clock, gate, new MemoryTables());
    }

    private MemoryStore(Clock clock, Gate gate, MemoryTables tables) {
        this.clock = clock;
        this.gate = gate;
        this.tables = tables;
        this.transcripts = new MemoryTranscripts(tables);
        this.deliveries = new MemoryDeliveries(tables);
        this.tasks = new MemoryTasks(tables);
    }

    /** What was committed, as after a crash and a start; this one refuses everything from then on. */
    public MemoryStore reopened(Gate next) {
        close();
        return new MemoryStore(clock, next, tables);
    }

    // ---- accept

    @Override
    public Accepted accept(NewInbound message, Optional<StoredNote> note) throws InterruptedException {
        return write("accept", () -> {
            note.ifPresent(this::keepNote);
            Optional<DedupKey> dedup = message.dedup();
            MemoryTables.Known known = dedup.isEmpty() ? null : tables.known("m:", dedup.get());
            if (known != null) {
                boolean same = known.fingerprint().equals(dedup.orElseThrow().fingerprint());
                return new Accepted(known.id(), true, same);
            }
            if (tables.inboxIds.containsKey(message.messageId())) {
                throw conflict("message " + message.messageId() + " exists");
            }
            long place = tables.nextPlace();
            tables.put(tables.inboxIds, message.messageId(), place);
            tables.put(
                    tables.inbox,
                    place,
                    new StoredInbound(
                            place,
                            message.messageId(),
                            message.sessionKey(),
                            message.agentId(),
                            message.channel(),
                            message.body().clone(),
                            MemoryTables.micros(message.acceptedAt())));
            dedup.ifPresent(key -> tables.remember("m:", key, place, message.messageId(), message.acceptedAt()));
            return new Accepted(message.messageId(), false, true);
        });
    }

    @Override
    public List<InboundRef> pendingInbound(long afterSeq, int limit) throws InterruptedException {
        return read("pendingInbound", () -> tables.inbox.tailMap(afterSeq, false).values().stream()
                .limit(bounded(limit))
                .map(each -> new InboundRef(each.seq(), each.messageId(), each.sessionKey(), each.body().length))
                .toList());
    }

    @Override
    public Optional<StoredInbound> inbound(String messageId) throws InterruptedException {
        return read("inbound", () -> Optional.ofNullable(tables.inboxIds.get(messageId))
                .map(tables.inbox::get)
                .map(found -> new StoredInbound(
                        found.seq(),
                        found.messageId(),
                        found.sessionKey(),
                        found.agentId(),
                        found.channel(),
                        found.body().clone(),
                        found.acceptedAt())));
    }

    // ---- turn

    @Override
    public TurnCommit completeTurn(TurnEnd turn) throws InterruptedException {
        return write("completeTurn", () -> {
            for (String each : turn.messageIds()) {
                if (!removeInbound(each)) {
                    throw conflict("message " + each + " is not in the inbox (any more)");
                }
            }
            return writeEnd(turn);
        });
    }

    @Override
    public TurnCommit completeOwnTurn(TurnEnd turn, Besides besides) throws InterruptedException {
        return write("completeOwnTurn", () -> {
            for (NewLine each : turn.lines()) {
                if (transcripts.line(each.lineId()).isPresent()) {
                    throw conflict("turn " + turn.messageId() + " has ended before");
                }
            }
            besides.notes().forEach(this::keepNote);
            besides.task().ifPresent(tasks::change);
            return writeEnd(turn);
        });
    }

    private TurnCommit writeEnd(TurnEnd turn) {
        Instant at = turn.lines().isEmpty()
                ? clock.instant()
                : turn.lines().getLast().at();
        List<Long> lineSeqs = transcripts.write(turn, at);
        List<Long> deliverySeqs =
                turn.deliveries().stream().map(deliveries::insert).toList();
        turn.note().ifPresent(this::keepNote);
        turn.use().counts().forEach(this::add);
        return new TurnCommit(lineSeqs, deliverySeqs);
    }

    @Override
    public void setAside(String messageId, String reason, Instant at) throws InterruptedException {
        write("setAside", () -> {
            if (removeInbound(messageId)) {
                tables.damaged++;
            }
            return true;
        });
    }

    // ---- deliver

    @Override
    public Enqueued enqueue(NewDelivery delivery, Optional<DedupKey> dedup) throws InterruptedException {
        return write("enqueue", () -> deliveries.enqueue(delivery, dedup));
    }

    @Override
    public List<DeliveryRef> openDeliveries(long afterSeq, int limit) throws InterruptedException {
        return read("openDeliveries", () -> deliveries.open(afterSeq, bounded(limit)));
    }

    @Override
    public Optional<StoredDelivery> delivery(String deliveryId) throws InterruptedException {
        return read("delivery", () -> deliveries.find(deliveryId));
    }

    @Override
    public void attemptStarted(String deliveryId, int attempt, boolean possiblyRepeated, Instant at)
            throws InterruptedException {
        write("attemptStarted", () -> {
            deliveries.attemptStarted(deliveryId, attempt, possiblyRepeated, at);
            return true;
        });
    }

    @Override
    public void attemptEnded(AttemptEnd end) throws InterruptedException {
        write("attemptEnded", () -> {
            deliveries.attemptEnded(end);
            return true;
        });
    }

    @Override
    public List<DeliveryRef> redrive(List<String> deliveryIds, Instant now) throws InterruptedException {
        return write("redrive", () -> deliveries.redrive(deliveryIds, now));
    }

    @Override
    public List<DeliveryRef> end(List<String> deliveryIds, DeliveryState state, String reason, Instant now)
            throws InterruptedException {
        return write("end", () -> deliveries.end(deliveryIds, state, reason, now));
    }

    @Override
    public Page<StoredDelivery> deliveries(DeliveryFilter filter, int limit, Optional<String> cursor)
            throws InterruptedException {
        long below = Cursor.below(Cursor.Of.DELIVERIES, cursor);
        return read("deliveries", () -> deliveries.list(filter, bounded(limit), below));
    }

    @Override
    public List<DeliveryCount> deliveryCounts() throws InterruptedException {
        return read("deliveryCounts", deliveries::counts);
    }

    @Override
    public List<AttemptEnd> attempts(String deliveryId) throws InterruptedException {
        return read("attempts", () -> deliveries.attempts(deliveryId));
    }

    @Override
    public List<StoredDelivery> deliveriesOf(String messageId) throws InterruptedException {
        return read("deliveriesOf", () -> deliveries.ofMessage(messageId, LIMIT_MAX));
    }

    // ---- tasks

    @Override
    public Accepted createTask(NewTask task, Optional<DedupKey> dedup) throws InterruptedException {
        return write("createTask", () -> tasks.create(task, dedup));
    }

    @Override
    public void changeTask(TaskChange change) throws InterruptedException {
        write("changeTask", () -> {
            tasks.change(change);
            return true;
        });
    }

    @Override
    public Optional<StoredTask> task(String taskId) throws InterruptedException {
        return read("task", () -> tasks.find(taskId));
    }

    @Override
    public List<StoredTask> openTasks(long afterSeq, int limit) throws InterruptedException {
        return read("openTasks", () -> tasks.open(afterSeq, bounded(limit)));
    }

    @Override
    public Page<StoredTask> tasks(TaskFilter filter, int limit, Optional<String> cursor) throws InterruptedException {
        long below = Cursor.below(Cursor.Of.TASKS, cursor);
        return read("tasks", () -> tasks.list(filter, bounded(limit), below));
    }

    @Override
    public Map<TaskState, Long> taskCounts() throws InterruptedException {
        return read("taskCounts", tasks::counts);
    }

    @Override
    public boolean pruneTasks(TaskRetention retention, Instant now) throws InterruptedException {
        return write("pruneTasks", () -> tasks.prune(retention, now));
    }

    // ---- sessions

    @Override
    public Optional<StoredSession> session(String sessionKey) throws InterruptedException {
        return read("session", () -> transcripts.session(sessionKey));
    }

    @Override
    public Page<StoredSession> sessions(SessionFilter filter, int limit, Optional<String> cursor)
            throws InterruptedException {
        long below = Cursor.below(filter.archived() ? Cursor.Of.ARCHIVES : Cursor.Of.SESSIONS, cursor);
        return read("sessions", () -> transcripts.sessions(filter, bounded(limit), below));
    }

    @Override
    public Page<StoredLine> history(String sessionKey, int limit, Optional<String> cursor) throws InterruptedException {
        long below = Cursor.below(Cursor.Of.HISTORY, cursor);
        return read("history", () -> transcripts.history(sessionKey, "0", bounded(limit), below));
    }

    @Override
    public Page<StoredLine> archive(String sessionKey, String archiveId, int limit, Optional<String> cursor)
            throws InterruptedException {
        long below = Cursor.below(Cursor.Of.HISTORY, cursor);
        return read(
                "archive",
                () -> archiveId.equals("0")
                        ? new Page<>(List.of(), Optional.empty())
                        : transcripts.history(sessionKey, archiveId, bounded(limit), below));
    }

    @Override
    public Optional<StoredLine> line(String lineId) throws InterruptedException {
        return read("line", () -> transcripts.line(lineId));
    }

    @Override
    public Optional<Integer> clearSession(String sessionKey, Instant at) throws InterruptedException {
        return write("clearSession", () -> transcripts.clear(sessionKey, at));
    }

    @Override
    public boolean deleteSession(String sessionKey) throws InterruptedException {
        return write("deleteSession", () -> transcripts.delete(sessionKey));
    }

    // ---- events

    @Override
    public long appendEvent(String type, Map<String, String> fields, Instant at, Optional<StoredNote> note)
            throws InterruptedException {
        return write("appendEvent", () -> {
            note.ifPresent(this::keepNote);
            return transcripts.appendEvent(type, fields, at);
        });
    }

    @Override
    public List<Happening> happenings(long afterSeq, int limit) throws InterruptedException {
        return read("happenings", () -> transcripts.happenings(afterSeq, bounded(limit)));
    }

    @Override
    public SequenceRange sequence() throws InterruptedException {
        return read("sequence", () -> new SequenceRange(tables.eventsBefore, tables.lastSeq));
    }

    // ---- bindings

    @Override
    public Optional<String> bindings() throws InterruptedException {
        return read("bindings", () -> tables.bindings);
    }

    @Override
    public void saveBindings(Optional<String> json, String by, Instant at) throws InterruptedException {
        write("saveBindings", () -> {
            tables.bindings = json;
            return true;
        });
    }

    // ---- notes

    @Override
    public void keep(StoredNote note) throws InterruptedException {
        write("keep", () -> {
            keepNote(note);
            return true;
        });
    }

    @Override
    public void increase(List<Increase> counts) throws InterruptedException {
        write("increase", () -> {
            counts.forEach(this::add);
            return true;
        });
    }

    @Override
    public Optional<String> note(String scope, String name) throws InterruptedException {
        return read("note", () -> Optional.ofNullable(tables.names(scope).get(name)));
    }

    @Override
    public List<StoredNote> notes(String scope) throws InterruptedException {
        return read("notes", () -> tables.names(scope).entrySet().stream()
                .map(each -> new StoredNote(scope, each.getKey(), each.getValue()))
                .toList());
    }

    // ---- housekeeping

    @Override
    public boolean prune(Retention retention, Instant now) throws InterruptedException {
        return write("prune", () -> {
            boolean more = transcripts.pruneOrphans();
            more |= deliveries.prune(DeliveryState.DELIVERED, now.minus(retention.delivered()));
            more |= deliveries.prune(DeliveryState.EXPIRED, now.minus(retention.delivered()));
            more |= deliveries.prune(DeliveryState.DISCARDED, now.minus(retention.delivered()));
            more |= deliveries.prune(DeliveryState.DEAD, now.minus(retention.dead()));
            more |= transcripts.pruneEvents(now.minus(retention.events()));
            tables.forgetKeys(now);
            return more;
        });
    }

    @Override
    public void probe() throws InterruptedException {
        write("probe", () -> true);
    }

    /** Not writable from the gate's refusal of a write until a later write goes through. */
    @Override
    public StoreStatus status() {
        StoreException why = trouble;
        lock.lock();
        try {
            return new StoreStatus(
                    "memory",
                    1,
                    Long.MAX_VALUE,
                    tables.damaged,
                    why == null,
                    why == null ? "" : String.valueOf(why.getMessage()),
                    0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private <R> R read(String operation, Supplier<R> look) throws InterruptedException {
        enter(operation);
        return locked(look);
    }

    private <R> R write(String operation, Supplier<R> change) throws InterruptedException {
        try {
            enter(operation);
        } catch (StoreException refusal) {
            trouble = refusal;
            throw refusal;
        }
        R answer = locked(() -> tables.atomically(change));
        trouble = null;
        gate.committed(operation);
        return answer;
    }

    private void enter(String operation) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        gate.before(operation);
    }

    private <R> R locked(Supplier<R> work) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "the store is closed");
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private boolean removeInbound(String messageId) {
        Long place = tables.inboxIds.get(messageId);
        if (place == null) {
            return false;
        }
        tables.remove(tables.inboxIds, messageId);
        tables.remove(tables.inbox, place);
        return true;
    }

    private void keepNote(StoredNote note) {
        Map<String, String> names = tables.names(note.scope());
        if (note.value().isEmpty()) {
            tables.remove(names, note.name());
            return;
        }
        if (!names.containsKey(note.name()) && names.size() >= NoteTable.NAMES_MAX) {
            throw conflict(note.scope() + " already remembers " + NoteTable.NAMES_MAX + " things");
        }
        tables.put(names, note.name(), note.value());
    }

    private void add(Increase increase) {
        keepNote(increase.after(tables.names(increase.scope()).getOrDefault(increase.name(), "")));
    }

    private static StoreException conflict(String what) {
        return new StoreException(StoreException.Kind.CONFLICT, what);
    }

    private static int bounded(int limit) {
        return Math.clamp(limit, 1, LIMIT_MAX);
    }
}
