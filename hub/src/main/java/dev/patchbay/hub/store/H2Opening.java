package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database's file, whatever state it was left in: makes it if it is not there, takes out what was never acknowledged, keeps
 * a copy while nobody knows what is on disk, migrates it, and compares it with the mark. Each step can be cut off and begun again.
 * Used by one thread at a time.
 */
final class H2Opening {
    private static final Logger log = LoggerFactory.getLogger(H2Opening.class);

    private final H2Url url;
    private final Path file;
    private final HighWaterMark mark;
    private final FailPoints failPoints;
    private final BeforeMigration beforeMigration;

    /** An open database of which everything is on disk and on record; whoever has it closes it. */
    record Opened(Sql sql, H2Sync disk) {}

    H2Opening(H2Url url, HighWaterMark mark, FailPoints failPoints, BeforeMigration beforeMigration) {
        this.url = url;
        this.file = url.file();
        this.mark = mark;
        this.failPoints = failPoints;
        this.beforeMigration = beforeMigration;
    }

    /**
     * Opens it; called again after it was given up.
     *
     * @throws StoreException of kind REFUSED or DAMAGED if it is not the one that the mark belongs to
     */
    Opened open() throws SQLException, IOException {
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
        Connection connection = url.connect();
        try {
            var sql = new Sql(connection);
            var disk = new H2Sync(connection, confirmed);
            if (Schema.isBehind(sql)) {
                int found = Schema.version(sql);
                // A migration is many commits: a power cut in the middle leads back to before the first.
                settle(sql, disk);
                connection.close();
                migrate(found);
                connection = url.connect();
                sql = new Sql(connection);
                disk = new H2Sync(connection, mark.confirmed());
            }
            connection.setAutoCommit(false);
            settle(sql, disk);
            return new Opened(sql, disk);
        } catch (SQLException | IOException | RuntimeException | Error failure) {
            giveUp(connection);
            throw failure;
        }
    }

    /**
     * Ends a database without writing: what was synced is in the file, what was not was never acknowledged, and what is wrong with
     * the file may still be looked into.
     */
    static void giveUp(Connection connection) {
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

    /** What the mark names; a mark of which a power cut tore a slot is mended first. */
    private Optional<Confirmed> confirmed() throws IOException {
        Optional<Confirmed> least = mark.atLeast();
        if (least.isEmpty()) {
            Optional<Confirmed> named = mark.confirmed();
            // After a restore or a compaction the mark does not name a state of this file.
            return named.isPresent() && Files.exists(file) && H2File.isAnother(file, named.get())
                    ? Optional.empty()
                    : named;
        }
        // The file is forced before a slot is written, and not touched until that is forced, too: so when a slot is
        // torn, the whole file is as it was meant, and its newest state has everything that was acknowledged. What the
        // other slot names may be one commit behind.
        Optional<Confirmed> newest = Files.exists(file) ? H2File.newest(file, least.get()) : Optional.empty();
        if (newest.isPresent()) {
            mark.mend(newest.get());
        }
        return newest;
    }

    /**
     * Before H2 writes to a file of which the mark does not say what is on disk: a new or restored one, or one of an earlier hub.
     * Until the mark does, nothing is acknowledged, and a power cut leads back to this copy.
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
        return kept(file);
    }

    /** Where a copy of a database's file lies that a start goes back to. */
    static Path kept(Path file) {
        return file.resolveSibling(file.getFileName() + ".unconfirmed");
    }

    /** Makes a database under another name: a power cut leaves a whole one, or none. */
    private void create() throws SQLException, IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Folders.make(folder);
        }
        H2Url unfinished = url.unfinished();
        Files.deleteIfExists(unfinished.file());
        try (var sql = new Sql(unfinished.connect())) {
            Schema.migrate(sql, unfinished.text());
            sql.execute("SHUTDOWN");
        }
        Files.move(unfinished.file(), file, StandardCopyOption.ATOMIC_MOVE);
        if (folder != null) {
            Folders.force(folder);
        }
    }

    /** Brings a closed database to the tables of this hub, or leaves it exactly as it was. */
    private void migrate(int from) throws SQLException, IOException {
        beforeMigration.keep(file, from);
        Path before = file.resolveSibling(file.getFileName() + ".schema-" + from);
        Files.deleteIfExists(before);
        FileCopy.copy(file, before, bytes -> {});
        H2File.unseal(file);
        Connection connection = url.connect();
        // It keeps H2 from overwriting what a power cut in the middle leads back to.
        var disk = new H2Sync(connection, mark.confirmed());
        var sql = new Sql(connection);
        try {
            Schema.migrate(sql, url.text());
        } catch (SQLException | RuntimeException failed) {
            giveUp(connection);
            Files.move(before, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Folders.force(parent(file));
            throw failed;
        }
        settle(sql, disk);
        connection.close();
        Files.delete(before);
        log.info("The store's schema went from version {} to {}", from, Schema.VERSION);
    }

    /** Brings to disk what was found in the file, compares it with the mark, and has the mark name it from now on. */
    private void settle(Sql sql, H2Sync disk) throws SQLException, IOException {
        failPoints.reach(Place.DATABASE_BEFORE_SYNC);
        Confirmed synced = disk.sync();
        failPoints.reach(Place.DATABASE_BEFORE_MARK);
        HubState.Identity store = HubState.identity(sql);
        try {
            mark.check(store.storeId(), store.commitNumber(), synced);
        } catch (StoreException refused) {
            // The next start may find another database here, and must not go back to a copy of this one.
            Files.deleteIfExists(kept());
            throw refused;
        }
        mark.write(store.storeId(), store.commitNumber(), synced);
        disk.confirmed(synced);
        if (Files.deleteIfExists(kept())) {
            Folders.force(parent(file));
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }
}
