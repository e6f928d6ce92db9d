package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The store as it lies on the disk while no hub runs. Everything here holds the hub's lock while it works, and is refused while
 * a hub has it.
 */
public final class StoreFolder {
    private static final DateTimeFormatter FOLDER_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path dataDir;
    private final Path database;
    private final Clock clock;

    public StoreFolder(Path dataDir, String url, Clock clock) {
        this.dataDir = dataDir;
        this.database = H2Url.file(url);
        this.clock = clock;
    }

    /** Something that is done while no hub can start. */
    @FunctionalInterface
    public interface Work<R, X extends Exception> {
        R run() throws IOException, X;
    }

    /** The database's file. */
    public Path database() {
        return database;
    }

    /** Whether there is anything. */
    public boolean exists() {
        return Files.exists(database) || Files.exists(dataDir.resolve(HighWaterMark.NAME));
    }

    /** The commit that the high-water mark knows of; empty without a readable mark. */
    public OptionalLong mark() {
        return HighWaterMark.number(dataDir);
    }

    /** Does something while no hub can start. */
    public <R, X extends Exception> R locked(Work<R, X> work) throws IOException, X {
        HubLock lock = HubLock.take(dataDir, clock.instant(), FailPoints.NONE);
        try {
            PendingRestore.finishIn(dataDir);
            return work.run();
        } finally {
            lock.close();
        }
    }

    /** Reads every record and changes nothing. Compare with {@link #mark}. */
    public StoreReport check(BodyVisitor visitor) throws IOException {
        return StoreFile.check(database, visitor);
    }

    /** Records that were set aside, the latest first, at most 1,000. */
    public List<SetAside> setAside() throws IOException {
        return StoreFile.withReadable(database, sql -> AsideTable.list(sql, 1_000));
    }

    /**
     * Makes the file as small as its content, by way of a copy that is read whole before it takes the place of the old one.
     *
     * @return bytes after it
     * @throws StoreException if something in the store cannot be read: then nothing is changed
     */
    public long compact(CopyWatch watch) throws IOException {
        StoreReport before = check(BodyVisitor.NONE);
        if (!before.isGood()) {
            throw StoreException.refused(
                    "the store is damaged in " + before.wrong() + " places", "`patchbay db check` names them", null);
        }
        Path copy = beside("compact-");
        Files.deleteIfExists(copy);
        try {
            FileCopy.copy(database, copy, watch);
            try (Sql sql = StoreFile.open(copy, "")) {
                sql.execute("SHUTDOWN COMPACT");
            } catch (SQLException failed) {
                throw new IOException("compacting failed: " + H2Errors.firstLine(failed), failed);
            }
            StoreReport after = StoreFile.check(copy, BodyVisitor.NONE);
            if (!after.isGood()
                    || !after.rows().equals(before.rows())
                    || !after.identity().equals(before.identity())) {
                throw new IOException("the compacted copy does not say the same; the store is as it was");
            }
            FileCopy.force(copy);
            Files.move(copy, database, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Folders.force(Objects.requireNonNull(database.toAbsolutePath().getParent()));
        } finally {
            Files.deleteIfExists(copy);
        }
        return Files.size(database);
    }

    /** Where a backup lies for {@link #restore}: on the disk on which it will stay. */
    public Path unpackedTo() {
        return beside("restoring-");
    }

    /** The same, with nothing there. */
    public Path unpackTo() throws IOException {
        Path fresh = unpackedTo();
        Files.createDirectories(Objects.requireNonNull(fresh.getParent()));
        Files.deleteIfExists(fresh);
        return fresh;
    }

    /**
     * Puts an unpacked backup in place of the store, which is set aside whole.
     *
     * @param fresh from {@link #unpackTo}; becomes the store
     * @param salvage whether what can be read of the present store is taken over
     */
    public RestoreResult restore(Path fresh, boolean salvage) throws IOException {
        OptionalLong mark = mark();
        Optional<Instant> lastCommitAt = HighWaterMark.lastWritten(dataDir);
        boolean hasOld = Files.exists(database) && Files.size(database) > 0;
        Rebuild.Rebuilt rebuilt = Rebuild.run(fresh, salvage && hasOld ? Optional.of(database) : Optional.empty());
        StoreReport report = StoreFile.check(fresh, BodyVisitor.NONE);
        if (!report.isWhole()) {
            throw new IOException("the restored store is not whole: "
                    + report.findings().getFirst().place() + ": "
                    + report.findings().getFirst().what());
        }
        FileCopy.force(fresh);
        Path aside = newAside();
        new PendingRestore(fresh, database, aside).run(dataDir);
        Salvage.Taken taken = rebuilt.salvaged().orElse(new Salvage.Taken(Map.of(), 0, 0));
        boolean isComplete = rebuilt.readTo().isPresent()
                && mark.isPresent()
                && rebuilt.readTo().get() >= mark.getAsLong()
                && taken.damaged() == 0
                && taken.gaps() == 0;
        return new RestoreResult(
                rebuilt.identity(), aside, taken.taken(), taken.damaged(), taken.gaps(), isComplete, lastCommitAt);
    }

    private Path newAside() throws IOException {
        Path all = dataDir.resolve("set-aside");
        String name = FOLDER_NAME.format(clock.instant());
        Path aside = all.resolve(name);
        for (int n = 2; Files.exists(aside); n++) {
            aside = all.resolve(name + "-" + n);
        }
        Files.createDirectories(aside);
        Folders.force(all);
        Folders.force(dataDir);
        return aside;
    }

    private Path beside(String prefix) {
        return database.toAbsolutePath().resolveSibling(prefix + database.getFileName());
    }
}
