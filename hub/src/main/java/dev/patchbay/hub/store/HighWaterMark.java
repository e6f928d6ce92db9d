package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The number of the latest commit, on disk outside the database: a database that knows fewer commits went back in time.
 *
 * <p>Two slots are written in turn, so that one torn by a power cut leaves the other. The mark is forced after the database, so it
 * may lag one commit behind, never run ahead. A missing mark is made anew: removing it is how an operator says that an older
 * database is meant.
 */
final class HighWaterMark implements AutoCloseable {
    private static final long MAGIC = 0x5041544348425931L; // PATCHBY1
    private static final int COMMIT_BYTES = Long.BYTES * 4 + Integer.BYTES;
    private static final int RECORD_BYTES = COMMIT_BYTES + Long.BYTES * 2 + Integer.BYTES;
    static final String NAME = "hub.mark";
    private static final int SLOT_BYTES = 4_096; // apart by more than any sector

    private final Path folder;
    private final Path file;
    private final FailPoints failPoints;
    private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
    private @Nullable FileChannel channel;

    /** Marks of earlier hubs do not name the state of the file. */
    private record Mark(UUID storeId, long commitNumber, Optional<Confirmed> confirmed) {}

    /** Opening and closing put the same commit on record once more, with a later state of the file, or of one made later. */
    private static final Comparator<Mark> LATER = Comparator.comparingLong(Mark::commitNumber)
            .thenComparing(mark -> mark.confirmed().orElse(Confirmed.UNKNOWN));

    HighWaterMark(Path dataDir, FailPoints failPoints) {
        this.failPoints = failPoints;
        this.folder = dataDir;
        this.file = dataDir.resolve(NAME);
    }

    /** The number of a mark that nobody writes; empty if there is none that can be read. */
    static OptionalLong number(Path dataDir) {
        try (FileChannel file = FileChannel.open(dataDir.resolve(NAME), StandardOpenOption.READ)) {
            return read(file).map(mark -> OptionalLong.of(mark.commitNumber())).orElse(OptionalLong.empty());
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }

    /** When the latest commit was put on record. */
    static Optional<Instant> lastWritten(Path dataDir) {
        try {
            return Optional.of(Files.getLastModifiedTime(dataDir.resolve(NAME)).toInstant());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }

    boolean exists() {
        return Files.exists(file);
    }

    /**
     * The state of the file that the latest commit on record is part of; empty if nobody knows. A slot that cannot be read may have
     * been the latest, so then nobody does.
     */
    Optional<Confirmed> confirmed() throws IOException {
        List<Mark> slots = slotsWithState();
        return slots.size() == 2 ? Collections.max(slots, LATER).confirmed() : Optional.empty();
    }

    /** The state that one slot names while the other names none; empty if that is not how it is. */
    Optional<Confirmed> atLeast() throws IOException {
        List<Mark> slots = slotsWithState();
        return slots.size() == 1 ? slots.getFirst().confirmed() : Optional.empty();
    }

    private List<Mark> slotsWithState() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (FileChannel open = open()) {
            // A process that was killed may have left it in memory only: what H2 writes from now on must not outlive
            // it.
            open.force(false);
            return Stream.of(read(open, 0), read(open, 1))
                    .flatMap(Optional::stream)
                    .filter(slot -> slot.confirmed().isPresent())
                    .toList();
        }
    }

    /** Has the slot that names no state name this one. Its commit may be gone: the latest one that can be read stands for it. */
    void mend(Confirmed state) throws IOException {
        try (FileChannel open = open()) {
            Mark latest = read(open).orElseThrow(() -> new IOException("no slot of the mark is left"));
            int torn = read(open, 0).flatMap(Mark::confirmed).isPresent() ? 1 : 0;
            write(open, torn, latest.storeId(), latest.commitNumber(), state);
            failPoints.reach(Place.MARK_WRITTEN);
            open.force(false);
        }
    }

    /**
     * Compares with what the database says of itself.
     *
     * @throws StoreException of kind REFUSED if the database is behind, or is another one
     */
    void check(UUID storeId, long commitNumber, Confirmed state) throws IOException {
        if (!Files.exists(file)) {
            make(storeId, commitNumber, state);
        }
        if (channel == null) {
            channel = open();
        }
        Mark mark = read(channel)
                .orElseThrow(() ->
                        refused("the high-water mark is damaged, so nobody can tell whether the store is complete"));
        if (!mark.storeId().equals(storeId)) {
            throw refused("the store is not the one that was used here last");
        }
        if (commitNumber < mark.commitNumber()) {
            throw StoreException.damaged(
                    "the store went back in time by " + (mark.commitNumber() - commitNumber) + " commits",
                    "; if this one is meant and the loss accepted, remove " + file.toAbsolutePath()
                            + " and start again",
                    null);
        }
        if (slotsWithState().size() < 2) {
            // Of an earlier hub, or too damaged to be mended: one slot alone would look like a torn mark at the next
            // start.
            close();
            make(storeId, commitNumber, state);
            channel = open();
        }
    }

    /** Puts a commit on record; returns when it is on disk. */
    void write(UUID storeId, long commitNumber, Confirmed state) throws IOException {
        if (channel == null) {
            throw new IOException("the high-water mark is closed");
        }
        write(channel, slot(commitNumber), storeId, commitNumber, state);
        failPoints.reach(Place.MARK_WRITTEN);
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void make(UUID storeId, long commitNumber, Confirmed state) throws IOException {
        failPoints.reach(Place.MARK_BEFORE_CREATE);
        Path unfinished = file.resolveSibling("hub.mark.new");
        try (FileChannel fresh = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            // Both slots at their full size: later writes change no length, so forcing the data is enough.
            write(fresh, 0, storeId, commitNumber, state);
            write(fresh, 1, storeId, commitNumber, state);
            failPoints.reach(Place.MARK_BEFORE_FORCE);
            fresh.force(true);
        }
        failPoints.reach(Place.MARK_BEFORE_MOVE);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        failPoints.reach(Place.MARK_AFTER_MOVE);
        Folders.force(folder);
    }

    private void write(FileChannel to, int slot, UUID storeId, long commitNumber, Confirmed state) throws IOException {
        record.clear()
                .putLong(MAGIC)
                .putLong(storeId.getMostSignificantBits())
                .putLong(storeId.getLeastSignificantBits())
                .putLong(commitNumber)
                .putInt(checksum(record, COMMIT_BYTES))
                .putLong(state.created())
                .putLong(state.version())
                .putInt(checksum(record, RECORD_BYTES));
        record.flip();
        for (long at = (long) slot * SLOT_BYTES; record.hasRemaining(); ) {
            at += to.write(record, at);
        }
    }

    private static Optional<Mark> read(FileChannel from) throws IOException {
        Optional<Mark> first = read(from, 0);
        Optional<Mark> second = read(from, 1);
        if (first.isPresent() && second.isPresent()) {
            return LATER.compare(first.get(), second.get()) > 0 ? first : second;
        }
        return first.or(() -> second);
    }

    private static Optional<Mark> read(FileChannel from, int slot) throws IOException {
        var found = ByteBuffer.allocate(RECORD_BYTES);
        for (long at = (long) slot * SLOT_BYTES; found.hasRemaining(); ) {
            int count = from.read(found, at);
            if (count < 0) {
                break;
            }
            at += count;
        }
        if (found.getLong(0) != MAGIC || !fits(found, COMMIT_BYTES)) {
            return Optional.empty();
        }
        Optional<Confirmed> state = fits(found, RECORD_BYTES)
                ? Optional.of(new Confirmed(found.getLong(COMMIT_BYTES), found.getLong(COMMIT_BYTES + Long.BYTES)))
                : Optional.empty();
        return Optional.of(new Mark(new UUID(found.getLong(8), found.getLong(16)), found.getLong(24), state));
    }

    private static int slot(long commitNumber) {
        return (int) (commitNumber & 1);
    }

    /** Each part ends with a checksum of all that stands before it. */
    private static boolean fits(ByteBuffer record, int end) {
        return record.getInt(end - Integer.BYTES) == checksum(record, end);
    }

    private static int checksum(ByteBuffer record, int end) {
        var crc = new CRC32C();
        crc.update(record.duplicate().position(0).limit(end - Integer.BYTES));
        return (int) crc.getValue();
    }

    private StoreException refused(String what) {
        return StoreException.refused(
                what,
                "put the right database back, or, if this one is meant and the loss accepted, remove "
                        + file.toAbsolutePath() + " and start again",
                null);
    }
}
