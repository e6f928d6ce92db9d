package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.StoreWrite;
import dev.patchbay.hub.metrics.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The store on an H2 file. Encoding and checksums are done in the caller's thread; one writer and a few readers touch the file. What
 * a reading returns is on disk: it waits for a commit under way that it may have seen.
 */
public final class H2Store implements Store {
    private static final int LIMIT_MAX = 1_000;

    private final H2Database database;
    private final HubLock lock;
    private final Room room;
    private final Clock clock;
    private final GroupCommit<Tx> writer;
    private final Readers readers;
    private final CommittedReading reading;
    private final Object closing = new Object();
    private long prunedKeysTo;
    private boolean closed;

    private H2Store(H2Database database, HubLock lock, Room room, Clock clock, Meters meters, StoreOptions options) {
        this.database = database;
        this.lock = lock;
        this.room = room;
        this.clock = clock;
        this.writer = new GroupCommit<>(database, room, meters, options.batchLimit(), options.failPoints());
        this.readers = new Readers(database, options.readers());
        this.reading = new CommittedReading(readers, writer, clock);
    }

    /**
     * Opens the store, makes it if it is new.
     *
     * @throws StoreException of kind REFUSED if another hub uses the data, the folder cannot be written, the data went back in time,
     *     or needs a newer hub
     */
    public static H2Store open(StoreOptions options, Clock clock, Meters meters) {
        var database = new H2Database(options);
        return open(options, clock, meters, database, () -> freeBytes(options, database));
    }

    static H2Store open(StoreOptions options, Clock clock, Meters meters, H2Database database, LongSupplier freeBytes) {
        HubLock lock = HubLock.take(options.dataDir(), clock.instant(), options.failPoints());
        try {
            PendingRestore.finishIn(options.dataDir());
            database.open();
            var room = new Room(freeBytes, options.minFreeBytes());
            return new H2Store(database, lock, room, clock, meters, options);
        } catch (IOException unfinished) {
            lock.close();
            throw StoreException.refused(
                    "a restore that was begun cannot be finished: " + unfinished.getMessage(),
                    "mend that and start again",
                    unfinished);
        } catch (RuntimeException refused) {
            lock.close();
            throw refused;
        }
    }

    private static long freeBytes(StoreOptions options, H2Database database) {
        var folder = database.file().toAbsolutePath().getParent();
        return (folder == null ? options.dataDir() : folder).toFile().getUsableSpace();
    }

    // ---- accept

    @Override
    public Accepted accept(NewInbound message, Optional<StoredNote> note) throws InterruptedException {
        Body body = InboxTable.body(message);
        Optional<NoteTable.Ready> ready = note.map(NoteTable.Ready::of);
        return writer.submit(StoreWrite.ACCEPT, true, tx -> {
            if (ready.isPresent()) {
                NoteTable.keep(tx, ready.get());
            }
            return InboxTable.accept(tx, message, body);
        });
    }

    @Override
    public List<InboundRef> pendingInbound(long afterSeq, int limit) throws InterruptedException {
        return read(look -> InboxTable.pending(look, afterSeq, bounded(limit)));
    }

    @Override
    public Optional<StoredInbound> inbound(String messageId) throws InterruptedException {
        return read(look -> InboxTable.find(look, messageId));
    }

    // ---- turn

    @Override
    public TurnCommit completeTurn(TurnEnd turn) throws InterruptedException {
        TurnReady ready = TurnReady.of(turn, clock.instant());
        return writer.submit(StoreWrite.COMPLETE_TURN, false, ready::write);
    }

    @Override
    public TurnCommit completeOwnTurn(TurnEnd turn, Besides besides) throws InterruptedException {
        TurnReady ready = TurnReady.of(turn, clock.instant());
        List<NoteTable.Ready> notes =
                besides.notes().stream().map(NoteTable.Ready::of).toList();
        return writer.submit(StoreWrite.COMPLETE_OWN_TURN, false, tx -> {
            for (NoteTable.Ready each : notes) {
                NoteTable.keep(tx, each);
            }
            if (besides.task().isPresent()) {
                TaskTable.change(tx, besides.task().get());
            }
            return ready.writeOwn(tx);
        });
    }

    @Override
    public void setAside(String messageId, String reason, Instant at) throws InterruptedException {
        writer.submit(StoreWrite.SET_ASIDE, false, tx -> {
            AsideTable.moveMessage(tx, messageId, reason, at);
            return true;
        });
    }

    // ---- deliver

    @Override
    public Enqueued enqueue(NewDelivery delivery, Optional<DedupKey> dedup) throws InterruptedException {
        var ready = DeliveryTable.Ready.of(delivery);
        return writer.submit(StoreWrite.ENQUEUE, true, tx -> DeliveryTable.enqueue(tx, ready, dedup));
    }

    @Override
    public List<DeliveryRef> openDeliveries(long afterSeq, int limit) throws InterruptedException {
        return read(look -> DeliveryQueries.open(look, afterSeq, bounded(limit)));
    }

    @Override
    public Optional<StoredDelivery> delivery(String deliveryId) throws InterruptedException {
        return read(look -> DeliveryQueries.find(look, deliveryId));
    }

    @Override
    public void attemptStarted(String deliveryId, int attempt, boolean possiblyRepeated, Instant at)
            throws InterruptedException {
        writer.submit(StoreWrite.ATTEMPT_STARTED, false, tx -> {
            DeliveryTable.attemptStarted(tx, deliveryId, attempt, possiblyRepeated, at);
            return true;
        });
    }

    @Override
    public void attemptEnded(AttemptEnd end) throws InterruptedException {
        writer.submit(StoreWrite.ATTEMPT_ENDED, false, tx -> {
            DeliveryTable.attemptEnded(tx, end);
            return true;
        });
    }

    @Override
    public List<DeliveryRef> redrive(List<String> deliveryIds, Instant now) throws InterruptedException {
        List<String> ids = List.copyOf(deliveryIds);
        return writer.submit(StoreWrite.REDRIVE, false, tx -> DeliveryTable.redrive(tx, ids, now));
    }

    @Override
    public List<DeliveryRef> end(List<String> deliveryIds, DeliveryState state, String reason, Instant now)
            throws InterruptedException {
        List<String> ids = List.copyOf(deliveryIds);
        return writer.submit(StoreWrite.END_DELIVERIES, false, tx -> DeliveryTable.end(tx, ids, state, reason, now));
    }

    @Override
    public Page<StoredDelivery> deliveries(DeliveryFilter filter, int limit, Optional<String> cursor)
            throws InterruptedException {
        long below = Cursor.below(Cursor.Of.DELIVERIES, cursor);
        return read(look -> DeliveryQueries.list(look, filter, bounded(limit), below));
    }

    @Override
    public List<DeliveryCount> deliveryCounts() {
        return database.counts();
    }

    @Override
    public List<AttemptEnd> attempts(String deliveryId) throws InterruptedException {
        return read(look -> DeliveryQueries.attempts(look, deliveryId));
    }

    @Override
    public List<StoredDelivery> deliveriesOf(String messageId) throws InterruptedException {
        return read(look -> DeliveryQueries.ofMessage(look, messageId));
    }

    // ---- tasks

    @Override
    public Accepted createTask(NewTask task, Optional<DedupKey> dedup) throws InterruptedException {
        Body body = TaskTable.body(task);
        return writer.submit(StoreWrite.CREATE_TASK, true, tx -> TaskTable.create(tx, task, body, dedup));
    }

    @Override
    public void changeTask(TaskChange change) throws InterruptedException {
        writer.submit(StoreWrite.CHANGE_TASK, false, tx -> {
            TaskTable.change(tx, change);
            return true;
        });
    }

    @Override
    public Optional<StoredTask> task(String taskId) throws InterruptedException {
        return read(look -> TaskTable.find(look, taskId));
    }

    @Override
    public List<StoredTask> openTasks(long afterSeq, int limit) throws InterruptedException {
        return read(look -> TaskTable.open(look, afterSeq, bounded(limit)));
    }

    @Override
    public Page<StoredTask> tasks(TaskFilter filter, int limit, Optional<String> cursor) throws InterruptedException {
        long below = Cursor.below(Cursor.Of.TASKS, cursor);
        return read(look -> TaskTable.list(look, filter, bounded(limit), below));
    }

    @Override
    public Map<TaskState, Long> taskCounts() throws InterruptedException {
        return read(TaskTable::counts);
    }

    @Override
    public boolean pruneTasks(TaskRetention retention, Instant now) throws InterruptedException {
        return writer.submit(StoreWrite.PRUNE_TASKS, false, tx -> TaskTable.prune(tx, retention, now));
    }

    // ---- sessions

    @Override
    public Optional<StoredSession> session(String sessionKey) throws InterruptedException {
        return read(look -> SessionTable.find(look, sessionKey));
    }

    @Override
    public Page<StoredSession> sessions(SessionFilter filter, int limit, Optional<String> cursor)
            throws InterruptedException {
        return read(look -> SessionTable.list(look, filter, bounded(limit), cursor));
    }

    @Override
    public Page<StoredLine> history(String sessionKey, int limit, Optional<String> cursor) throws InterruptedException {
        long below = Cursor.below(Cursor.Of.HISTORY, cursor);
        return read(look -> TranscriptTable.history(look, sessionKey, 0, bounded(limit), below));
    }

    @Override
    public Page<StoredLine> archive(String sessionKey, String archiveId, int limit, Optional<String> cursor)
            throws InterruptedException {
        long below = Cursor.below(Cursor.Of.HISTORY, cursor);
        if (!archiveId.matches("[1-9]\\d{0,17}")) {
            return new Page<>(List.of(), Optional.empty());
        }
        long archive = Long.parseLong(archiveId);
        return read(look -> TranscriptTable.history(look, sessionKey, archive, bounded(limit), below));
    }

    @Override
    public Optional<StoredLine> line(String lineId) throws InterruptedException {
        return read(look -> TranscriptTable.find(look, lineId));
    }

    @Override
    public Optional<Integer> clearSession(String sessionKey, Instant at) throws InterruptedException {
        return writer.submit(StoreWrite.CLEAR_SESSION, false, tx -> SessionTable.clear(tx, sessionKey, at));
    }

    @Override
    public boolean deleteSession(String sessionKey) throws InterruptedException {
        return writer.submit(StoreWrite.DELETE_SESSION, false, tx -> SessionTable.delete(tx, sessionKey));
    }

    // ---- events

    @Override
    public long appendEvent(String type, Map<String, String> fields, Instant at, Optional<StoredNote> note)
            throws InterruptedException {
        Body body = Body.of(Body.ofFields(fields), type);
        Optional<NoteTable.Ready> ready = note.map(NoteTable.Ready::of);
        // Small, made by the hub itself, and most wanted when room runs out.
        return writer.submit(StoreWrite.APPEND_EVENT, false, tx -> {
            if (ready.isPresent()) {
                NoteTable.keep(tx, ready.get());
            }
            return EventTable.append(tx, type, body, at);
        });
    }

    @Override
    public List<Happening> happenings(long afterSeq, int limit) throws InterruptedException {
        return read(look -> EventTable.happenings(look, afterSeq, bounded(limit)));
    }

    @Override
    public SequenceRange sequence() {
        HubState.Published state = database.state();
        return new SequenceRange(state.eventsBefore(), state.lastSeq());
    }

    // ---- bindings

    @Override
    public Optional<String> bindings() throws InterruptedException {
        return read(BindingTables::current);
    }

    @Override
    public void saveBindings(Optional<String> json, String by, Instant at) throws InterruptedException {
        Body body = BindingTables.body(json, by);
        writer.submit(StoreWrite.SAVE_BINDINGS, true, tx -> {
            BindingTables.save(tx, json.isEmpty(), body, by, at);
            return true;
        });
    }

    // ---- notes

    @Override
    public void keep(StoredNote note) throws InterruptedException {
        NoteTable.Ready ready = NoteTable.Ready.of(note);
        // Mostly in place of an older one; and what was accepted must be able to go on.
        writer.submit(StoreWrite.KEEP_NOTE, false, tx -> {
            NoteTable.keep(tx, ready);
            return true;
        });
    }

    @Override
    public void increase(List<Increase> counts) throws InterruptedException {
        List<Increase> all = List.copyOf(counts);
        Instant now = clock.instant();
        writer.submit(StoreWrite.INCREASE, false, tx -> {
            for (Increase each : all) {
                NoteTable.increase(tx, each, now);
            }
            return true;
        });
    }

    @Override
    public Optional<String> note(String scope, String name) throws InterruptedException {
        return read(look -> NoteTable.find(look, scope, name));
    }

    @Override
    public List<StoredNote> notes(String scope) throws InterruptedException {
        return read(look -> NoteTable.all(look, scope));
    }

    // ---- housekeeping

    @Override
    public boolean prune(Retention retention, Instant now) throws InterruptedException {
        return writer.submit(StoreWrite.PRUNE, false, tx -> {
            boolean more = TranscriptTable.pruneOrphans(tx.sql());
            more |= DeliveryTable.prune(tx, DeliveryState.DELIVERED, now.minus(retention.delivered()));
            more |= DeliveryTable.prune(tx, DeliveryState.EXPIRED, now.minus(retention.delivered()));
            more |= DeliveryTable.prune(tx, DeliveryState.DISCARDED, now.minus(retention.delivered()));
            more |= DeliveryTable.prune(tx, DeliveryState.DEAD, now.minus(retention.dead()));
            more |= EventTable.prune(tx, now.minus(retention.events()));
            // Where the walk stands is only in memory, and only here: after a start it begins anew.
            prunedKeysTo = DedupTable.prune(tx.sql(), prunedKeysTo, now);
            return more || prunedKeysTo > 0;
        });
    }

    @Override
    public void probe() throws InterruptedException {
        writer.submit(StoreWrite.PROBE, false, tx -> true);
    }

    @Override
    public StoreStatus status() {
        StoreException why = writer.trouble();
        if (why == null) {
            why = room.get();
        }
        return new StoreStatus(
                "h2",
                database.bytes(),
                room.freeBytes(),
                database.state().damaged(),
                why == null,
                why == null ? "" : String.valueOf(why.getMessage()),
                writer.failuresInARow());
    }

    // ---- copies

    /**
     * Copies the database as of one commit into a new file, while everybody goes on reading and writing. It is on disk when this
     * returns. Nothing holds the writers up but the moment in which the copy begins; until it ends, the database's file only grows.
     *
     * @param watch may end it
     * @throws IOException if the disk or {@code watch} does not let it; what is there of the target is removed
     */
    public StoreCopy copyTo(Path target, CopyWatch watch) throws IOException, InterruptedException {
        var request = new FreezeRequest();
        database.request(request);
        FreezeRequest.Frozen frozen;
        try {
            probe();
        } finally {
            frozen = request.take();
        }
        if (frozen == null) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the store is being brought back; try again");
        }
        return StoreCopying.run(frozen, target, watch);
    }

    /** Looks again at what was found damaged in a copy, and sets aside what is damaged here as well. */
    public void reexamine(StoreReport report) throws InterruptedException {
        reading.reexamine(report.findings());
        // What was found was handed to the writer; this comes after it.
        probe();
    }

    /** How many rows each table has, as the database counts them. */
    public Map<String, Long> rows() throws InterruptedException {
        return read(look -> RecordWalk.rowCounts(look.sql()));
    }

    /** Records that were set aside, the latest first, at most 1,000. */
    public List<SetAside> setAside() throws InterruptedException {
        return read(look -> AsideTable.list(look.sql(), LIMIT_MAX));
    }

    /** What was said, for an index of it. */
    public Transcripts transcripts() {
        return new H2Transcripts(reading, this::identity);
    }

    /** Which commit is the latest, and which store this is. */
    public StoreIdentity identity() {
        return database.identity();
    }

    @Override
    public void close() {
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
            writer.close();
            readers.close();
            try {
                database.close();
            } finally {
                lock.close();
            }
        }
    }

    private <R> R read(CommittedReading.Query<R> query) throws InterruptedException {
        return reading.read(query);
    }

    private static int bounded(int limit) {
        return Math.clamp(limit, 1, LIMIT_MAX);
    }
}
