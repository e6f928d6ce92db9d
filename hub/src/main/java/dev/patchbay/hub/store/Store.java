package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything durable: inbox, transcripts, deliveries, bindings and what operators want to look at.
 *
 * <ol>
 *   <li>A writing operation returns only when its transaction is synced to disk; writes of many callers share one
 *       transaction and one sync. One bad write never fails its neighbours.
 *   <li>Safe for many threads of any kind. An interrupt ends the caller's wait with {@link InterruptedException}, never the
 *       operation: whether it happened is then unknown to this caller.
 *   <li>Bodies carry a checksum that is verified on every read; a damaged one is set aside, counted and reported as absent or
 *       by a {@link StoreException} of kind DAMAGED, never returned.
 *   <li>What a reading returns is on disk, too: no crash takes back what was told.
 *   <li>Everything else that goes wrong is a {@link StoreException}: nothing was stored. Only while the disk itself fails (kind
 *       UNAVAILABLE or NO_ROOM) can a write turn out to have happened; a repeat of it is then recognised by its key or is a
 *       CONFLICT.
 *   <li>Lists are pages: at most 1,000 rows and about 16 MB, so a page may be shorter than asked for; cursors are opaque and survive
 *       restarts. A limit outside of 1 to 1,000 is taken as the nearest. Times are kept to the microsecond.
 * </ol>
 */
public interface Store extends AutoCloseable {

    // ---- 1 accept

    /**
     * Stores an inbound message, or recognises it by its dedup key.
     *
     * @param note kept in the same transaction, also if the message is a repeat
     * @return the message's id: the given one, or the one under which the repeat was stored first
     */
    Accepted accept(NewInbound message, Optional<StoredNote> note) throws InterruptedException;

    /** As {@link #accept(NewInbound, Optional)}, without a note. */
    default Accepted accept(NewInbound message) throws InterruptedException {
        return accept(message, Optional.empty());
    }

    /** Messages whose turn has not been completed, oldest first, after {@code afterSeq}; 0 starts at the beginning. */
    List<InboundRef> pendingInbound(long afterSeq, int limit) throws InterruptedException;

    /** The body of a pending message; empty once its turn is complete. */
    Optional<StoredInbound> inbound(String messageId) throws InterruptedException;

    // ---- 2 turn

    /**
     * Ends a message's turn: the inbox row goes, transcript lines and outbound rows come, all in one transaction, in which the
     * transcript may also be put away.
     *
     * @throws StoreException if the message is not pending (any more): then nothing is written
     */
    TurnCommit completeTurn(TurnEnd turn) throws InterruptedException;

    /**
     * Ends a turn that the hub began by itself, for which no message is pending: as {@link #completeTurn}, with whatever else has to
     * become true in the same moment.
     *
     * @throws StoreException of kind CONFLICT if a line of that id is there already, or what is besides does not fit any more: then
     *     nothing is written
     */
    TurnCommit completeOwnTurn(TurnEnd turn, Besides besides) throws InterruptedException;

    /**
     * Takes a message that cannot be processed out of the inbox, keeps it aside with the reason and counts it as damaged; nothing
     * happens if it is not pending.
     */
    void setAside(String messageId, String reason, Instant at) throws InterruptedException;

    // ---- 3 deliver

    /** Queues one message that no turn made. Its dedup key, if any, is honoured as in {@link #accept}. */
    Enqueued enqueue(NewDelivery delivery, Optional<DedupKey> dedup) throws InterruptedException;

    /** Deliveries that are pending or were being sent, oldest first, after {@code afterSeq}. */
    List<DeliveryRef> openDeliveries(long afterSeq, int limit) throws InterruptedException;

    /** A delivery with its body, whatever its state. */
    Optional<StoredDelivery> delivery(String deliveryId) throws InterruptedException;

    /**
     * Writes down that an attempt begins, before the plugin is called.
     *
     * @param possiblyRepeated the mark that the delivery carries from now on
     * @throws StoreException of kind CONFLICT if there is no such delivery or it has ended
     */
    void attemptStarted(String deliveryId, int attempt, boolean possiblyRepeated, Instant at)
            throws InterruptedException;

    /**
     * Writes down how an attempt ended and what comes next. The same end told again changes nothing.
     *
     * @throws StoreException of kind CONFLICT if there is no such delivery or it has ended otherwise
     */
    void attemptEnded(AttemptEnd end) throws InterruptedException;

    /**
     * Makes deliveries that are not delivered and not being sent pending and due now; returns those. They go on counting attempts;
     * one whose time has run out gets as much as it had at first.
     */
    List<DeliveryRef> redrive(List<String> deliveryIds, Instant now) throws InterruptedException;

    /** Ends pending or dead deliveries for good; returns those that were moved. */
    List<DeliveryRef> end(List<String> deliveryIds, DeliveryState state, String reason, Instant now)
            throws InterruptedException;

    /** Newest first. */
    Page<StoredDelivery> deliveries(DeliveryFilter filter, int limit, Optional<String> cursor)
            throws InterruptedException;

    /** How many deliveries each channel and account has in each state; for gauges and channels.status. */
    List<DeliveryCount> deliveryCounts() throws InterruptedException;

    /** Attempts that did not deliver, oldest first; the latest 100. */
    List<AttemptEnd> attempts(String deliveryId) throws InterruptedException;

    /** Deliveries that a message's turn queued, in their order; at most 1,000. */
    List<StoredDelivery> deliveriesOf(String messageId) throws InterruptedException;

    // ---- tasks

    /** Keeps a new task, queued. Its dedup key, if any, is honoured as in {@link #accept}. */
    Accepted createTask(NewTask task, Optional<DedupKey> dedup) throws InterruptedException;

    /**
     * Writes down how far a task has come.
     *
     * @throws StoreException of kind CONFLICT if there is no such task or it has ended: then nothing is written
     */
    void changeTask(TaskChange change) throws InterruptedException;

    /** A task with its body; empty if there is none. */
    Optional<StoredTask> task(String taskId) throws InterruptedException;

    /** Tasks that have not ended, in the order of creation, after {@code afterSeq}, without their bodies. */
    List<StoredTask> openTasks(long afterSeq, int limit) throws InterruptedException;

    /** Newest first. */
    Page<StoredTask> tasks(TaskFilter filter, int limit, Optional<String> cursor) throws InterruptedException;

    /** How many tasks are in each state; none are left out. */
    Map<TaskState, Long> taskCounts() throws InterruptedException;

    /** Lets the oldest ended tasks go that are too many. Bounded work; true if more is left. */
    boolean pruneTasks(TaskRetention retention, Instant now) throws InterruptedException;

    // ---- sessions

    Optional<StoredSession> session(String sessionKey) throws InterruptedException;

    /** Most recently used first; archives: most recently put away first. */
    Page<StoredSession> sessions(SessionFilter filter, int limit, Optional<String> cursor) throws InterruptedException;

    /** The latest lines, oldest first; with a cursor the page before it. */
    Page<StoredLine> history(String sessionKey, int limit, Optional<String> cursor) throws InterruptedException;

    /** As {@link #history}, of a transcript that was put away; empty if there is none of that name. */
    Page<StoredLine> archive(String sessionKey, String archiveId, int limit, Optional<String> cursor)
            throws InterruptedException;

    /** A line by its id, also of an archive. */
    Optional<StoredLine> line(String lineId) throws InterruptedException;

    /** Removes the lines of a session's transcript in use and keeps the session; empty if there is no such session, else how many went. */
    Optional<Integer> clearSession(String sessionKey, Instant at) throws InterruptedException;

    /** Removes a session with its lines and its archives; false if there is none. Messages still waiting are not touched. */
    boolean deleteSession(String sessionKey) throws InterruptedException;

    // ---- events

    /**
     * Writes an event that stems from no transcript line; returns its place in the one sequence of lines and events.
     *
     * @param note kept in the same transaction, for what is to be told once
     */
    long appendEvent(String type, Map<String, String> fields, Instant at, Optional<StoredNote> note)
            throws InterruptedException;

    /** As {@link #appendEvent(String, Map, Instant, Optional)}, without a note. */
    default long appendEvent(String type, Map<String, String> fields, Instant at) throws InterruptedException {
        return appendEvent(type, fields, at, Optional.empty());
    }

    /** Lines and events after a place in the sequence, in order. Lines of cleared or deleted sessions are left out. */
    List<Happening> happenings(long afterSeq, int limit) throws InterruptedException;

    /** First and last place in the sequence that {@link #happenings} still knows. */
    SequenceRange sequence() throws InterruptedException;

    // ---- bindings

    /**
     * The table set through the API, as JSON; empty if the file rules.
     *
     * @throws StoreException of kind DAMAGED until another table is set or the file rules again: an older one never comes back
     */
    Optional<String> bindings() throws InterruptedException;

    /** Replaces the table, or with empty goes back to the file; earlier tables stay as history. */
    void saveBindings(Optional<String> json, String by, Instant at) throws InterruptedException;

    // ---- notes

    /**
     * Remembers something small under its scope and name, in place of what was there.
     *
     * @throws StoreException of kind CONFLICT if the scope already holds 10,000 names
     */
    void keep(StoredNote note) throws InterruptedException;

    /** Adds to what notes count, all in one transaction; as {@link TurnEnd#counts}, without a turn. */
    void increase(List<Increase> counts) throws InterruptedException;

    /** What is remembered; empty if nothing is, or it is damaged and was set aside. */
    Optional<String> note(String scope, String name) throws InterruptedException;

    /** Everything a scope remembers, by name. */
    List<StoredNote> notes(String scope) throws InterruptedException;

    // ---- housekeeping

    /** Ends what is over its age: dedup keys, ended deliveries, events. Bounded work; true if more is left. */
    boolean prune(Retention retention, Instant now) throws InterruptedException;

    /** A write and a sync that change nothing; for health. */
    void probe() throws InterruptedException;

    StoreStatus status();

    /** Waits for writes under way, then closes. Later calls fail with {@link StoreException}. */
    @Override
    void close();
}
