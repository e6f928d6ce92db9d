package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.failpoint.StoreWrite;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.Driver;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The H2 file with all that is particular to H2: how it is opened, synced, closed and brought back. As transactions it is used by the
 * writer's thread only; what concerns readers and {@link #bytes} are safe for many threads.
 */
final class H2Database implements GroupCommit.Transactions<Tx> {
    private static final Logger log = LoggerFactory.getLogger(H2Database.class);

    static final String USER = "hub";
    static final String PASSWORD = "";

    /**
     * Ours, unless the configured URL says otherwise. DB_CLOSE_ON_EXIT: the hub's own stop decides when. CACHE_SIZE in KB: the hub
     * lives in little memory, and the operating system caches too. MAX_COMPACT_TIME in ms: H2 would move chunks about at the end,
     * over what a power cut may have to fall back on.
     */
    private static final List<String> SETTINGS =
            List.of("DB_CLOSE_ON_EXIT=FALSE", "LOCK_TIMEOUT=10000", "CACHE_SIZE=16384", "MAX_COMPACT_TIME=0");

    private static final String SUFFIX = ".mv.db";

    private static final int QUERY_MILLIS_MAX = 10_000;

    private final String url;
    private final Path file;
    private final FailPoints failPoints;
    private final HighWaterMark mark;
    private final BeforeMigration beforeMigration;
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
        this.url = withSettings(options.url());
        this.file = file(options.url(), options.dataDir().getFileSystem());
        this.failPoints = options.failPoints();
        this.mark = new HighWaterMark(options.dataDir(), failPoints);
        this.beforeMigration = options.beforeMigration();
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
        var sql = new Sql(connection(url));
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
            return Files.size(file);
        } catch (IOException notThere) {
            return 0;
        }
    }

    Path file() {
        return file;
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
        if (mark.exists() && (!Files.exists(file) || Files.size(file) == 0)) {
            // H2 would make a new one, and all that was stored would be forgotten in silence.
            throw StoreException.damaged(
                    "the database " + file + " is gone, although its high-water mark is there", null);
        }
        Optional<Confirmed> confirmed = confirmed();
        if (!Files.exists(file)) {
            create();
        } else if (confirmed.isPresent() && H2File.rewind(file, confirmed.get())) {
            log.info("Took out what was being written when the hub stopped; it was never acknowledged");
        }
        if (confirmed.isEmpty()) {
            keepUntilConfirmed();
            H2File.unseal(file);
        }
        Connection connection = connection(url);
        try {
            var sql = new Sql(connection);
            disk = new H2Sync(connection, confirmed);
            if (Schema.isBehind(sql)) {
                int found = Schema.version(sql);
                // A migration is many commits: a power cut in the middle leads back to before the first.
                settle(sql);
                connection.close();
                migrate(found);
                connection = connection(url);
                sql = new Sql(connection);
                disk = new H2Sync(connection, mark.confirmed());
            }
            connection.setAutoCommit(false);
            settle(sql);
            state.load(sql);
            tally.load(sql);
            tx = new Tx(sql, state, tally, new SessionIds(), new NoteRoom());
            up = true;
        } catch (SQLException | IOException | RuntimeException | Error failure) {
            giveUp(connection);
            throw failure;
        }
    }

    /** What the mark names; a mark of which a power cut tore a slot is mended first. */
    private Optional<Confirmed> confirmed() throws IOException {
        Optional<Confirmed> least = mark.atLeast();
        if (least.isEmpty()) {
            return mark.confirmed();
        }
        // The file is forced before a slot is written, and not touched until that is forced, too: so when a slot is
        // torn, all of
        // the file is whole, and its newest state has everything that was acknowledged. The other slot may be one
        // commit behind.
        Optional<Confirmed> newest = Files.exists(file) ? H2File.newest(file, least.get()) : Optional.empty();
        if (newest.isPresent()) {
            mark.mend(newest.get());
        }
        return newest;
    }

    /** Brings a closed database to the tables of this hub, or leaves it exactly as it was. */
    private void migrate(int from) throws SQLException, IOException {
        beforeMigration.keep(file, from);
        Path before = file.resolveSibling(file.getFileName() + ".schema-" + from);
        Files.deleteIfExists(before);
        FileCopy.copy(file, before, bytes -> {});
        H2File.unseal(file);
        Connection connection = connection(url);
        // It keeps H2 from overwriting what a power cut in the middle leads back to.
        disk = new H2Sync(connection, mark.confirmed());
        var sql = new Sql(connection);
        try {
            Schema.migrate(sql, url);
        } catch (SQLException | RuntimeException failed) {
            giveUp(connection);
            Files.move(before, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Folders.force(parent(file));
            throw failed;
        }
        settle(sql);
        connection.close();
        Files.delete(before);
        log.info("The store's schema went from version {} to {}", from, Schema.VERSION);
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** Brings to disk what was found in the file, compares it with the mark, and has the mark name it from now on. */
    private void settle(Sql sql) throws SQLException, IOException {
        failPoints.reach(Place.DATABASE_BEFORE_SYNC);
        Confirmed synced = disk().sync();
        failPoints.reach(Place.DATABASE_BEFORE_MARK);
        HubState.Identity store = HubState.identity(sql);
        mark.check(store.storeId(), store.commitNumber(), synced);
        mark.write(store.storeId(), store.commitNumber(), synced);
        disk().confirmed(synced);
        if (Files.deleteIfExists(kept())) {
            Folders.force(parent(file));
        }
    }

    /**
     * Before H2 writes to a file of which the mark does not say what is on disk: a new one, or one of an earlier hub. Until the mark
     * does, nothing is acknowledged, and a power cut leads back to this copy.
     */
    private void keepUntilConfirmed() throws IOException {
        failPoints.reach(Place.DATABASE_BEFORE_KEEPING);
        Path kept = kept();
        if (Files.exists(kept)) {
            Files.move(kept, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Folders.force(parent(file));
        }
        Path copying = file.resolveSibling(file.getFileName() + ".copying");
        Files.deleteIfExists(copying);
        FileCopy.copy(file, copying, bytes -> {});
        Files.move(copying, kept, StandardCopyOption.ATOMIC_MOVE);
        Folders.force(parent(file));
    }

    private Path kept() {
        return file.resolveSibling(file.getFileName() + ".unconfirmed");
    }

    /** Makes a database under another name: a power cut leaves a whole one, or none. */
    private void create() throws SQLException, IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Folders.make(folder);
        }
        String name = String.valueOf(file.getFileName());
        Path unfinished = file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".new" + SUFFIX);
        Files.deleteIfExists(unfinished);
        String[] parts = url.split(";", 2);
        String unfinishedUrl = parts[0] + ".new;" + parts[1];
        try (var sql = new Sql(connection(unfinishedUrl))) {
            Schema.migrate(sql, unfinishedUrl);
            sql.execute("SHUTDOWN");
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        if (folder != null) {
            Folders.force(folder);
        }
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
            giveUp(tx.sql().connection());
            tx = null;
        }
        closeMark();
    }

    /**
     * Ends a database without writing: what was synced is in the file, what was not was never acknowledged, and what is wrong with
     * the file may still be looked into.
     */
    private static void giveUp(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException alreadyDown) {
            log.debug("The database had closed itself", alreadyDown);
        }
        try {
            connection.close();
        } catch (SQLException alreadyDown) {
            log.debug("The database had closed itself", alreadyDown);
        }
    }

    private void closeMark() {
        try {
            mark.close();
        } catch (IOException broken) {
            log.warn("The high-water mark did not close", broken);
        }
    }

    private static Connection connection(String url) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        Connection connection = Driver.load().connect(url, properties);
        if (connection == null) {
            throw new SQLException(url + " is not a URL of H2; it starts with jdbc:h2:");
        }
        return connection;
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
                    "another process has opened the database " + file, "stop it, or choose another store.url", cause);
        }
        if (H2Errors.isDamage(cause)) {
            return StoreException.damaged("the database " + file + " is damaged: " + H2Errors.firstLine(cause), cause);
        }
        return StoreException.refused(
                "the store " + url.split(";", 2)[0] + " cannot be opened: "
                        + H2Errors.explain(cause).getMessage(),
                "mend that, restore a backup, or start with another store.url",
                cause);
    }

    private static String withSettings(String url) {
        var all = new StringBuilder(url);
        for (String setting : SETTINGS) {
            String name = setting.substring(0, setting.indexOf('=') + 1);
            if (!url.contains(";" + name)) {
                all.append(';').append(setting);
            }
        }
        return all.toString();
    }

    /** The database's file. */
    static Path file(String url) {
        return file(url, FileSystems.getDefault());
    }

    private static Path file(String url, FileSystem files) {
        if (!url.startsWith("jdbc:h2:") || url.matches("jdbc:h2:(mem|tcp|ssl|zip):.*")) {
            throw StoreException.refused(
                    "store.url: " + url + " is not a file of H2", "write jdbc:h2:file:./data/hub", null);
        }
        String path = url.split(";", 2)[0].substring("jdbc:h2:".length());
        // file: and the names of other file systems of H2, but not a drive.
        return files.getPath(path.replaceFirst("^([A-Za-z]{2,}:)+", "") + SUFFIX);
    }
}
