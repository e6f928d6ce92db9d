package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * A store that is about to take the place of another. Written down before the first file moves: whatever ends the process
 * in between, whoever opens the store next finishes it first.
 *
 * @param fresh the store that comes
 * @param database where it goes
 * @param aside the folder that takes what is there now
 */
record PendingRestore(Path fresh, Path database, Path aside) {
    private static final String NAME = "restore.pending";

    /** Writes it down and does it. */
    void run(Path dataDir) throws IOException {
        var facts = new Properties();
        facts.setProperty("fresh", fresh.toString());
        facts.setProperty("database", database.toString());
        facts.setProperty("aside", aside.toString());
        var text = new StringWriter();
        facts.store(text, "a restore that is not finished yet; the hub finishes it at its next start");
        Path unfinished = dataDir.resolve(NAME + ".new");
        Files.writeString(unfinished, text.toString());
        FileCopy.force(unfinished);
        Files.move(unfinished, dataDir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        Folders.force(dataDir);
        finish(dataDir);
    }

    /** Goes on with what an earlier process has begun; nothing happens if there is nothing. */
    static void finishIn(Path dataDir) throws IOException {
        Path file = dataDir.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        var facts = new Properties();
        facts.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        path(facts, "fresh")
                .flatMap(fresh -> path(facts, "database").flatMap(database -> path(facts, "aside")
                        .map(aside -> new PendingRestore(fresh, database, aside))))
                .orElseThrow(() -> StoreException.refused(
                        "the note of an unfinished restore, " + file + ", is damaged",
                        "remove it and run `patchbay backup restore latest` once more",
                        null))
                .finish(dataDir);
    }

    private static Optional<Path> path(Properties facts, String name) {
        return Optional.ofNullable(facts.getProperty(name)).map(Path::of);
    }

    private void finish(Path dataDir) throws IOException {
        var mark = new HighWaterMark(dataDir, FailPoints.NONE);
        if (Files.exists(fresh)) {
            Files.createDirectories(aside);
            moveAside(database);
            moveAside(dataDir.resolve(HighWaterMark.NAME));
            // A start would take it for a copy of the one that comes.
            moveAside(H2Opening.kept(database));
            Folders.force(aside);
            Files.move(fresh, database, StandardCopyOption.ATOMIC_MOVE);
            Folders.force(Objects.requireNonNull(database.toAbsolutePath().getParent()));
        }
        StoreIdentity identity = StoreFile.identity(database);
        try (mark) {
            mark.check(identity.storeId(), identity.commitNumber(), Confirmed.UNKNOWN);
        }
        Files.deleteIfExists(dataDir.resolve(NAME));
        Folders.force(dataDir);
    }

    private void moveAside(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.move(file, aside.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
