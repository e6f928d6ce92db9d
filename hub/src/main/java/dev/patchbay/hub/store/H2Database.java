package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.failpoint.StoreWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open database with all that is particular to H2: how it is synced, closed and brought back; {@link H2Opening} opens it. As
 * transactions it is used by the writer's thread only; what concerns readers and {@link #bytes} are safe for many threads.
 */
final class H2Database implements GroupCommit.Transactions<Tx> {
    private static final Logger log = LoggerFactory.getLogger(H2Database.class);

    private static final int QUERY_MILLIS_MAX = 10_000;

    private final H2Url url;
    private final FailPoints failPoints;
    private final HighWaterMark mark;
    private final H2Opening opening;
    private final HubState state = new HubState();
    private final Tally tally = new Tally();
    private @Nullable Tx tx;
    private @Nullable H2Sync disk;
    private @Nullable Savepoint savepoint;
    private long committing;

    /** Held by readers while they use a connection, and by the writer while it exchanges the database under them. */
    private final ReentrantReadWriteLock exchange = new ReentrantReadWriteLock();

    private final Set<Sql> readers = ConcurrentHashMap.newKeySet();
    private final Queue<FreezeRequest> freezes = new ConcurrentLinkedQueue<>();
    private volatile boolean up;

    H2Database(StoreOptions options) {
        this.url = H2Url.of(options.url(), options.dataDir().getFileSystem());
        this.failPoints = options.failPoints();
        this.mark = new HighWaterMark(options.dataDir(), failPoints);
        this.opening = new H2Opening(url, mark, failPoints, options.beforeMigration());
    }

    /** The next commit answers it. */
    void request(FreezeRequest freeze) {
        freezes.add(freeze);
    }

    /** Opens, migrates, and compares with the mark. */
    void open() {
        try {
            connect();
        } catch (SQLException | IOException | MVStoreException cannot) {
            throw openingFailed(cannot);
        }
    }

    HubState.Published state() {
        return state.published();
    }

    StoreIdentity identity() {
        return state.identity();
    }

    List<DeliveryCount> counts() {
        return tally.counts();
    }

    /**
     * Begins to read; {@link #endReading} ends it.
     *
     * @throws StoreException if the database is being brought back
     */
    void beginReading() {
        if (!exchange.readLock().tryLock()) {
            throw down();
        }
        if (!up) {
            exchange.readLock().unlock();
            throw down();
        }
    }

    void endReading() {
        exchange.readLock().unlock();
    }

    /** A connection for reading; only while reading. */
    Sql connectReader() throws SQLException {
        var sql = new Sql(url.connect());
        readers.add(sql);
        sql.execute("SET QUERY_TIMEOUT " + QUERY_MILLIS_MAX);
        return sql;
    }

    /** Whether a reader's connection leads to this database, and not to one that was given up. */
    boolean isCurrent(Sql reader) {
        return readers.contains(reader);
    }

    /** Closes a reader's connection; only while reading. */
    void disconnectReader(Sql reader) {
        if (readers.remove(reader)) {
            closeReader(reader);
        }
    }

    private static void closeReader(Sql reader) {
        try {
            reader.close();
        } catch (SQLException alreadyBroken) {
            log.debug("A reader's connection was broken", alreadyBroken);
        }
    }

    private static StoreException down() {
        return new StoreException(StoreException.Kind.UNAVAILABLE, "the store is down and is being brought back");
    }

    /** Size on disk. */
    long bytes() {
        try {
            return Files.size(url.file());
        } catch (IOException notThere) {
            return 0;
        }
    }

    Path file() {
        return url.file();
    }

    // ---- transactions

    @Override
    public Tx begin() throws SQLException {
        if (tx == null) {
            throw new SQLException("the database is not open");
        }
        state.savepoint();
        savepoint = null;
        return tx;
    }

    @Override
    public void savepoint() throws SQLException {
        Connection connection = current().sql().connection();
        if (savepoint != null) {
            connection.releaseSavepoint(savepoint);
        }
        savepoint = connection.setSavepoint();
        state.savepoint();
        tally.savepoint();
    }

    @Override
    public void undo() throws SQLException {
        current().sql().connection().rollback(savepoint);
        state.undo();
        tally.undo();
    }

    @Override
    public void rollback() throws SQLException {
        current().sql().connection().rollback();
        state.undo();
        tally.rollback();
    }

    @Override
    public void commit(StoreWrite.Way way) throws SQLException, IOException {
        Sql sql = current().sql();
        // Known before anything can fail: recover() must not take the commit before for this one.
        committing = state.commitNumber() + 1;
        tally.flush(sql);
        state.flush(sql);
        sql.connection().commit();
        way.reach(StoreWrite.Moment.BEFORE_SYNC);
        // The commit alone is in memory.
        Confirmed synced = disk().sync();
        way.reach(StoreWrite.Moment.BEFORE_MARK);
        mark.write(state.storeId(), committing, synced);
        disk().confirmed(synced);
        tally.publish();
        state.publish();
        for (FreezeRequest each = freezes.poll(); each != null; each = freezes.poll()) {
            each.answer(new FreezeRequest.Frozen(state.storeId(), committing, disk().freeze()));
        }
    }

    @Override
    public @Nullable StoreException blame(Throwable failure) {
        return H2Errors.blame(failure);
    }

    @Override
    public StoreException explain(Throwable failure) {
        return H2Errors.explain(failure);
    }

    @Override
    public boolean recover() throws SQLException, IOException {
        up = false;
        exchange.writeLock().lock();
        try {
            abandon();
            failPoints.reach(Place.RECOVERY_BEFORE_OPENING);
            connect();
        } finally {
            exchange.writeLock().unlock();
        }
        return state.commitNumber() == committing;
    }

    // ---- opening and closing

    /** Closes the file in order; called after the last write and the last reading. */
    void close() {
        up = false;
        if (tx != null) {
            try {
                failPoints.reach(Place.STORE_BEFORE_CLOSE);
                // So that nothing is left which the end of H2 would write without our knowing.
                confirm(state.commitNumber());
                tx.sql().execute("SHUTDOWN");
            } catch (SQLException | IOException | RuntimeException broken) {
                log.warn("The database did not close in order; it repairs itself at the next start", broken);
                abandon();
            }
            tx = null;
        }
        closeMark();
    }

    private void connect() throws SQLException, IOException {
        H2Opening.Opened opened = opening.open();
        Sql sql = opened.sql();
        try {
            state.load(sql);
            tally.load(sql);
        } catch (SQLException | RuntimeException | Error failure) {
            H2Opening.giveUp(sql.connection());
            throw failure;
        }
        disk = opened.disk();
        tx = new Tx(sql, state, tally, new SessionIds(), new NoteRoom());
        up = true;
    }

    /** Syncs, and only then puts it on record. */
    private void confirm(long commitNumber) throws SQLException, IOException {
        Confirmed synced = disk().sync();
        mark.write(state.storeId(), commitNumber, synced);
        disk().confirmed(synced);
    }

    private void abandon() {
        // First: whatever is done on a connection to a database that was shut down makes H2 forget, by its name,
        // the one that was opened in its place. That one could be neither reached nor opened again.
        readers.forEach(H2Database::closeReader);
        readers.clear();
        if (tx != null) {
            H2Opening.giveUp(tx.sql().connection());
            tx = null;
        }
        closeMark();
    }

    private void closeMark() {
        try {
            mark.close();
        } catch (IOException broken) {
            log.warn("The high-water mark did not close", broken);
        }
    }

    private Tx current() throws SQLException {
        if (tx == null) {
            throw new SQLException("the database is not open");
        }
        return tx;
    }

    private H2Sync disk() throws SQLException {
        if (disk == null) {
            throw new SQLException("the database is not open");
        }
        return disk;
    }

    private StoreException openingFailed(Exception cause) {
        if (cause instanceof SQLException sql && H2Errors.isInUse(sql)) {
            return StoreException.inUse(
                    "another process has opened the database " + url.file(),
                    "stop it, or choose another store.url",
                    cause);
        }
        if (H2Errors.isDamage(cause)) {
            return StoreException.damaged(
                    "the database " + url.file() + " is damaged: " + H2Errors.firstLine(cause), cause);
        }
        return StoreException.refused(
                "the store " + url.withoutSettings() + " cannot be opened: "
                        + H2Errors.explain(cause).getMessage(),
                "mend that, restore a backup, or start with another store.url",
                cause);
    }
}
