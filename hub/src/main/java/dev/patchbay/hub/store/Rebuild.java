package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a store to go on with out of a backup and of what can still be read of the damaged store. */
final class Rebuild {
    private static final Logger log = LoggerFactory.getLogger(Rebuild.class);

    /**
     * Numbers begin so far above all that were given out, so that nothing that is told from now on stands under a number that a
     * client has seen already. No store comes near to it in a life.
     */
    private static final long LEAP = 1_000_000_000_000L;

    private static final int HEADER_BYTES = 8_192;

    private Rebuild() {}

    /**
     * What became of it.
     *
     * @param identity the store's new one
     * @param salvaged what was taken over from the damaged store; empty if nothing of it could be used
     * @param readTo the latest commit that the damaged store shows
     */
    record Rebuilt(StoreIdentity identity, Optional<Salvage.Taken> salvaged, Optional<Long> readTo) {}

    /**
     * Prepares a copy of a backup in place.
     *
     * @param copy becomes the store
     * @param damaged what it takes the place of; it is not changed
     */
    static Rebuilt run(Path copy, Optional<Path> damaged) throws IOException {
        byte[] header = header(copy);
        try (Sql target = StoreFile.open(copy, "")) {
            Schema.migrate(target, StoreFile.url(copy));
            var state = new HubState();
            state.load(target);
            Optional<Salvaged> salvaged =
                    damaged.isEmpty() ? Optional.empty() : salvage(target, state.identity(), damaged.get(), header);
            target.connection().setAutoCommit(true);
            settle(target);
            state.load(target);
            target.connection().commit();
            target.execute("SHUTDOWN COMPACT");
            return new Rebuilt(state.identity(), salvaged.map(Salvaged::taken), salvaged.map(Salvaged::readTo));
        } catch (SQLException failed) {
            throw new IOException("the backup cannot be made ready: " + H2Errors.firstLine(failed), failed);
        }
    }

    private record Salvaged(Salvage.Taken taken, long readTo) {}

    private static Optional<Salvaged> salvage(Sql target, StoreIdentity backup, Path damaged, byte[] header)
            throws IOException {
        try {
            return Optional.of(StoreFile.withReadable(damaged, source -> salvage(target, backup, source)));
        } catch (StoreException unreadable) {
            log.info("The damaged store does not open as it is: {}", unreadable.what());
        }
        // Its beginning may be all that is damaged, and the backup's says the same but for hints that H2 checks.
        Path grafted = damaged.resolveSibling("grafted-" + damaged.getFileName());
        Files.deleteIfExists(grafted);
        try {
            FileCopy.copy(damaged, grafted, CopyWatch.NONE);
            try (FileChannel file = FileChannel.open(grafted, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(header), 0);
            }
            return Optional.of(StoreFile.withReadable(grafted, source -> salvage(target, backup, source)));
        } catch (StoreException unreadable) {
            log.warn("Nothing can be read of the damaged store: {}", unreadable.what());
            return Optional.empty();
        } finally {
            Files.deleteIfExists(grafted);
        }
    }

    private static Salvaged salvage(Sql target, StoreIdentity backup, Sql source) throws SQLException {
        var state = new HubState();
        state.load(source);
        StoreIdentity found = state.identity();
        if (!found.storeId().equals(backup.storeId())) {
            throw StoreException.refused("the damaged store is not the one that was backed up", "", null);
        }
        if (Schema.version(source) != Schema.VERSION) {
            throw StoreException.refused("the damaged store has tables of another version", "", null);
        }
        if (found.commitNumber() <= backup.commitNumber()) {
            return new Salvaged(new Salvage.Taken(Map.of(), 0, 0), found.commitNumber());
        }
        Salvage.Taken taken = Salvage.run(target, source);
        target.update(
                "UPDATE hub_state SET commit_number = ?, last_place = ?, last_seq = ?, events_before = ?, damaged ="
                        + " damaged + ? WHERE id = 1",
                found.commitNumber(),
                state.lastPlace(),
                state.published().lastSeq(),
                state.published().eventsBefore(),
                taken.damaged());
        target.connection().commit();
        return new Salvaged(taken, found.commitNumber());
    }

    /** Makes a store of its own of it: what was stored after the backup elsewhere is not part of it, and is never taken for it. */
    private static void settle(Sql target) throws SQLException {
        target.update("DELETE FROM delivery_counts");
        target.update("INSERT INTO delivery_counts SELECT channel, account_id, state, COUNT(*) FROM deliveries GROUP BY"
                + " channel, account_id, state");
        // They may have arrived after the backup: nobody can tell.
        target.update("UPDATE deliveries SET possibly_repeated = TRUE WHERE shelf = 0");
        target.update(
                "UPDATE hub_state SET store_id = RANDOM_UUID(), commit_number = commit_number + 1,"
                        + " last_place = last_place + ?, last_seq = last_seq + ?, events_before = last_seq + ?"
                        + " WHERE id = 1",
                LEAP,
                LEAP,
                LEAP);
    }

    private static byte[] header(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(HEADER_BYTES);
        }
    }
}
