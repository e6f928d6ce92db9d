package dev.patchbay.hub.attachment;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.AttachmentUnavailable;
import dev.patchbay.api.Attachments.Content;
import dev.patchbay.hub.attachment.Spool.Trouble;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files by their content: {@code attachments/ab/abcd…}, where the name is the SHA-256 of what is inside. The time of a file is
 * that of its last use. Safe for many threads.
 */
final class AttachmentFolder {
    private static final Logger log = LoggerFactory.getLogger(AttachmentFolder.class);

    /** Whoever has just been given a file must find it, whatever becomes of the rows that do not name it yet. */
    static final Duration GRACE = Duration.ofHours(1);

    /** A round that made no room is not repeated for every further file. */
    private static final Duration ROUND_PAUSE = Duration.ofSeconds(10);

    /** A round makes a little more room than is asked for, since it looks at all files. */
    private static final int SPARE_PERCENT = 5;

    /** Between two looks at the disk. */
    private static final int DISK_STEP = 1 << 20;

    private static final int PIECE = 64 * 1024;

    private final AttachmentSettings settings;
    private final Path root;
    private final Path incoming;
    private final LongSupplier freeBytes;
    private final NamedFiles named;
    private final Clock clock;
    private final RandomGenerator random;
    private final FailPoints failPoints;
    private final LongAdder damaged = new LongAdder();
    private final AtomicLong total = new AtomicLong();

    /** Held while a file gets its place or loses it, so that none is removed that has just been used again. */
    private final ReentrantLock places = new ReentrantLock();

    private final ReentrantLock rounds = new ReentrantLock();
    private volatile Instant nextRound = Instant.MIN;

    private record Kept(Path file, AttachmentId id, long bytes, Instant lastUse) {}

    AttachmentFolder(AttachmentSettings settings, LongSupplier freeBytes, NamedFiles named, World world) {
        this.settings = settings;
        this.root = settings.dataDir().resolve("attachments");
        this.incoming = root.resolve("incoming");
        this.freeBytes = freeBytes;
        this.named = named;
        this.clock = world.clock();
        this.random = world.random();
        this.failPoints = world.failPoints();
    }

    /** Makes the folder, sweeps away what a crash has left half-written, and counts what is there. Called once. */
    void prepare() throws IOException {
        Folders.make(incoming);
        int halves = 0;
        try (DirectoryStream<Path> leftOver = Files.newDirectoryStream(incoming)) {
            for (Path each : leftOver) {
                Files.delete(each);
                halves++;
            }
        }
        if (halves > 0) {
            log.info("Removed {} files that were not complete when the hub stopped", halves);
        }
        failPoints.reach(Place.FOLDER_BEFORE_SYNC);
        Folders.force(root);
        total.set(all().stream().mapToLong(Kept::bytes).sum());
    }

    /** Bytes of all files. */
    long total() {
        return total.get();
    }

    /** How often a damaged file was asked for. */
    long damaged() {
        return damaged.sum();
    }

    /** Writes a file beside the others, as yet without a name. */
    Spool spool(InputStream content) throws Trouble, InterruptedException {
        Path file = incoming.resolve("%016x%016x".formatted(random.nextLong(), random.nextLong()));
        return Spool.of(file, content, settings.bytesMax(), new DiskRoom(), failPoints);
    }

    /** Takes a file in; it is on disk when this returns. */
    AttachmentId keep(InputStream content) throws Trouble, InterruptedException {
        try (Spool spool = spool(content)) {
            if (!place(spool)) {
                makeRoom(spool.bytes());
                if (!place(spool)) {
                    throw new Trouble(
                            Trouble.Kind.FULL,
                            "the attachments hold " + total.get() / 1_000_000 + " MB already (attachments.max-total)");
                }
            }
            failPoints.reach(Place.FILE_AFTER_MOVE);
            // Also when the same content was there: whoever brought it first may not have come to this.
            Folders.force(shelf(spool.id()));
            Folders.force(root);
            failPoints.reach(Place.FILE_BEFORE_TOLD);
            return spool.id();
        } catch (IOException disk) {
            Spool.stopIfInterrupted();
            throw new Trouble(Trouble.Kind.DISK, "the disk does not take it: " + disk.getMessage());
        }
    }

    /** The size of a file, which counts as used by that; empty if there is none. */
    OptionalLong use(AttachmentId id) {
        places.lock();
        try {
            Path file = file(id);
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return OptionalLong.of(Files.size(file));
        } catch (IOException gone) {
            return OptionalLong.empty();
        } finally {
            places.unlock();
        }
    }

    /** Opens a file, after its whole content has been compared with its name. */
    Content open(AttachmentId id, Attachment described) throws AttachmentUnavailable, InterruptedException {
        FileChannel channel = null;
        boolean given = false;
        try {
            channel = FileChannel.open(file(id), StandardOpenOption.READ);
            long bytes = channel.size();
            if (bytes > settings.bytesMax()) {
                throw new AttachmentUnavailable("the file is larger than attachments.max-size", true);
            }
            if (!hash(channel).equals(id.hex())) {
                damaged.increment();
                log.error("The stored file {} is damaged: its content does not fit its name", id.hex());
                throw new AttachmentUnavailable("the stored file " + id.hex() + " is damaged", true);
            }
            use(id);
            channel.position(0);
            given = true;
            return new Content(
                    Channels.newInputStream(channel),
                    bytes,
                    FileNames.mediaType(described.mediaType()).orElse(FileNames.ANY_TYPE),
                    FileNames.name(described.name()).orElse(FileNames.NAMELESS));
        } catch (NoSuchFileException gone) {
            throw new AttachmentUnavailable("there is no file " + id.hex() + " (any more)", true);
        } catch (IOException unreadable) {
            Spool.stopIfInterrupted();
            throw new AttachmentUnavailable("the file " + id.hex() + " cannot be read", false);
        } finally {
            if (!given && channel != null) {
                closeQuietly(channel);
            }
        }
    }

    /** Removes what nobody has used for longer than it is kept and nobody names; how many. */
    int expire() throws IOException, InterruptedException {
        rounds.lockInterruptibly();
        try {
            Instant oldest = clock.instant().minus(settings.keep());
            List<Kept> old = all().stream()
                    .filter(each -> each.lastUse().isBefore(oldest))
                    .toList();
            return remove(old, oldest, Long.MAX_VALUE);
        } finally {
            rounds.unlock();
        }
    }

    private void makeRoom(long bytes) throws IOException, InterruptedException {
        rounds.lockInterruptibly();
        try {
            long over = total.get() + bytes - settings.totalBytesMax();
            if (over <= 0 || bytes > settings.totalBytesMax() || clock.instant().isBefore(nextRound)) {
                return;
            }
            Instant latest = clock.instant().minus(GRACE);
            List<Kept> unused = all().stream()
                    .filter(each -> each.lastUse().isBefore(latest))
                    .sorted(Comparator.comparing(Kept::lastUse))
                    .toList();
            int removed = remove(unused, latest, over + settings.totalBytesMax() / 100 * SPARE_PERCENT);
            log.warn("attachments.max-total is reached: removed the {} files that were unused for longest", removed);
            nextRound = clock.instant().plus(ROUND_PAUSE);
        } finally {
            rounds.unlock();
        }
    }

    /** Removes files in their order until enough bytes are gone, but for those that somebody names or has used meanwhile. */
    private int remove(List<Kept> files, Instant usedBefore, long bytes) throws IOException, InterruptedException {
        if (files.isEmpty()) {
            return 0;
        }
        Set<AttachmentId> wanted = named.now();
        int removed = 0;
        long gone = 0;
        for (Kept each : files) {
            if (gone >= bytes) {
                break;
            }
            if (!wanted.contains(each.id()) && removeUnused(each, usedBefore)) {
                removed++;
                gone += each.bytes();
            }
        }
        return removed;
    }

    private boolean removeUnused(Kept kept, Instant usedBefore) throws IOException {
        places.lock();
        try {
            if (!Files.exists(kept.file())
                    || !Files.getLastModifiedTime(kept.file()).toInstant().isBefore(usedBefore)) {
                return false;
            }
            failPoints.reach(Place.FILE_BEFORE_REMOVE);
            Files.delete(kept.file());
            total.addAndGet(-kept.bytes());
            return true;
        } finally {
            places.unlock();
        }
    }

    /** False if there is no room for it. */
    private boolean place(Spool spool) throws IOException {
        Path target = file(spool.id());
        places.lock();
        try {
            long before = Files.exists(target) ? Files.size(target) : 0;
            long more = spool.bytes() - before;
            if (more > 0 && total.get() + more > settings.totalBytesMax()) {
                return false;
            }
            Files.createDirectories(shelf(spool.id()));
            // Over what is there: should that be damaged, it is whole again.
            spool.moveTo(target, clock.instant());
            total.addAndGet(more);
            return true;
        } finally {
            places.unlock();
        }
    }

    private Path file(AttachmentId id) {
        return shelf(id).resolve(id.hex());
    }

    private Path shelf(AttachmentId id) {
        return root.resolve(id.hex().substring(0, 2));
    }

    private List<Kept> all() throws IOException {
        var found = new ArrayList<Kept>();
        try (DirectoryStream<Path> shelves = Files.newDirectoryStream(root, "[0-9a-f][0-9a-f]")) {
            for (Path shelf : shelves) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(shelf)) {
                    for (Path file : files) {
                        kept(file).ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    private static Optional<Kept> kept(Path file) throws IOException {
        Optional<AttachmentId> id = AttachmentId.parse(file.getFileName().toString());
        if (id.isEmpty()) {
            return Optional.empty();
        }
        try {
            var facts = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Kept(
                    file, id.get(), facts.size(), facts.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }

    private static String hash(FileChannel channel) throws IOException {
        MessageDigest digest = Spool.sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (channel.read(piece) >= 0) {
            digest.update(piece.flip());
            piece.clear();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException nothingToSave) {
            // It was only read.
        }
    }

    /** Looks at the disk before the first byte and then every now and then. */
    private final class DiskRoom implements Spool.Room {
        private long unseen = DISK_STEP;

        @Override
        public void claim(long bytes) throws Trouble {
            unseen += bytes;
            if (unseen < DISK_STEP) {
                return;
            }
            unseen = 0;
            if (freeBytes.getAsLong() < settings.minFreeBytes()) {
                throw new Trouble(Trouble.Kind.FULL, "the disk is nearly full (store.min-free)");
            }
        }
    }
}
