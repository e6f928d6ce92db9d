package dev.patchbay.hub.backup;

import dev.patchbay.hub.attachment.AttachmentId;
import dev.patchbay.hub.store.CopyWatch;
import dev.patchbay.hub.store.Folders;
import dev.patchbay.hub.store.StoreCopy;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreFile;
import dev.patchbay.hub.store.StoreReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of backups. A backup gets its name only after it has been opened, every record's checksum in it read, and its file
 * compared with what was put in: whatever else lies there does not count. One is made at a time; safe for many threads.
 */
public final class Backups {
    private static final Logger log = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("hub-\\d{8}T\\d{6}Z-\\d{1,19}\\.zip");
    private static final String MAKING = ".making";
    private static final long LOOK_EVERY = 8L << 20;

    private final BackupSettings settings;
    private final LongSupplier freeBytes;
    private final Clock clock;
    private final SharedFiles kept;
    private final SharedFiles hubs;
    private final ReentrantLock one = new ReentrantLock();

    /** Copies the database into a new file as it is at one commit. */
    @FunctionalInterface
    public interface Source {
        StoreCopy copyTo(Path target, CopyWatch watch) throws IOException, InterruptedException;

        /**
         * Looks at the store itself for what was found damaged in its copy, and sets it aside.
         *
         * @return true if another copy may be better
         */
        default boolean reexamine(StoreReport report) throws InterruptedException {
            return false;
        }
    }

    /**
     * What a second reading of a backup has shown.
     *
     * @param attachmentsDamaged files it names that are not there, or not what they should be
     */
    public record Verified(Backup backup, StoreReport report, int attachmentsDamaged) {}

    public Backups(BackupSettings settings, Clock clock) {
        this(settings, clock, () -> usable(settings.dir()));
    }

    Backups(BackupSettings settings, Clock clock, LongSupplier freeBytes) {
        this.settings = settings;
        this.freeBytes = freeBytes;
        this.clock = clock;
        this.kept = new SharedFiles(settings.dir().resolve("attachments"));
        this.hubs = new SharedFiles(settings.dataDir().resolve("attachments"));
    }

    public BackupSettings settings() {
        return settings;
    }

    /** Good backups, the newest first. Those whose file cannot be read any more are left out, and logged. */
    public List<Backup> list() {
        var found = new ArrayList<Backup>();
        for (Path file : files()) {
            try {
                found.add(new Backup(file, Files.size(file), BackupFile.manifest(file)));
            } catch (IOException unreadable) {
                log.warn("The backup {} cannot be read: {}", file, unreadable.getMessage());
            }
        }
        found.sort(Comparator.comparing((Backup each) -> each.manifest().createdAt())
                .thenComparing(each -> each.manifest().commitNumber())
                .reversed());
        return found;
    }

    /** Files that have the name of a backup, whatever is in them. */
    public List<Path> files() {
        if (!Files.isDirectory(settings.dir())) {
            return List.of();
        }
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(settings.dir())) {
            for (Path file : files) {
                if (NAME.matcher(file.getFileName().toString()).matches()) {
                    found.add(file);
                }
            }
        } catch (IOException unreadable) {
            log.warn("The folder of backups {} cannot be read: {}", settings.dir(), unreadable.getMessage());
        }
        found.sort(Comparator.reverseOrder());
        return found;
    }

    /**
     * The file that a name means.
     *
     * @param name a backup's name, the path of one, or {@code latest}
     */
    public Path find(String name) throws BackupTrouble {
        if (name.equals("latest")) {
            return list().stream()
                    .findFirst()
                    .map(Backup::file)
                    .orElseThrow(() -> new BackupTrouble(
                            BackupTrouble.Kind.NOT_FOUND,
                            "there is no backup in " + settings.dir(),
                            "name the file of one, or start with another store.url"));
        }
        Path inFolder = settings.dir().resolve(name);
        if (NAME.matcher(name).matches() && Files.exists(inFolder)) {
            return inFolder;
        }
        Path elsewhere = Path.of(name).toAbsolutePath().normalize();
        if (Files.isRegularFile(elsewhere)) {
            return elsewhere;
        }
        throw new BackupTrouble(
                BackupTrouble.Kind.NOT_FOUND,
                "there is no backup " + name + " in " + settings.dir(),
                "`patchbay backup list` shows those that are there");
    }

    /** A backup by its file, as far as its manifest can be read. */
    public Backup open(Path file) throws BackupTrouble {
        try {
            return new Backup(file, Files.size(file), BackupFile.manifest(file));
        } catch (IOException broken) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.DAMAGED,
                    file + " is not good: " + broken.getMessage(),
                    "use another backup",
                    broken);
        }
    }

    /** Makes a backup, reads it whole, and lets the oldest go. Nothing counts before it is known to be good. */
    public Backup create(Source source, Progress progress) throws BackupTrouble, InterruptedException {
        if (!one.tryLock()) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.BUSY,
                    "another backup is being made",
                    "wait until `patchbay backup list` shows it");
        }
        Path making = settings.dir().resolve(MAKING);
        try {
            Files.createDirectories(making);
            sweep(making);
            Backup made = make(making, source, progress);
            letGo();
            return made;
        } catch (IOException disk) {
            throw trouble(disk);
        } finally {
            try {
                sweep(making);
                Files.deleteIfExists(making);
            } catch (IOException later) {
                log.debug("What is left of a backup stays until the next one: {}", later.getMessage());
            }
            one.unlock();
        }
    }

    /** Opens a backup once more and reads everything in it. */
    public Verified verify(Path file, Progress progress) throws BackupTrouble {
        Path folder = settings.dir().resolve(".verifying-" + file.getFileName());
        try {
            Files.createDirectories(folder);
            sweep(folder);
            Path database = folder.resolve("hub.mv.db");
            Backup backup = unpack(file, database, progress);
            StoreReport report = StoreFile.check(
                    database,
                    new NamedAttachments(read ->
                            progress.at("reading", read, backup.manifest().records())));
            if (!report.isWhole()) {
                throw damaged(file, report);
            }
            if (!report.rows().equals(backup.manifest().rows())) {
                throw new BackupTrouble(
                        BackupTrouble.Kind.DAMAGED,
                        file + " does not hold the rows that its manifest names",
                        "use another backup");
            }
            return new Verified(backup, report, attachmentsDamaged(file, progress));
        } catch (IOException disk) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.DAMAGED,
                    file + " is not good: " + disk.getMessage(),
                    "use another backup",
                    disk);
        } catch (StoreException unreadable) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.DAMAGED,
                    file + " is not good: " + unreadable.what(),
                    "use another backup",
                    unreadable);
        } finally {
            try {
                sweep(folder);
                Files.deleteIfExists(folder);
            } catch (IOException later) {
                log.debug("{} stays for now: {}", folder, later.getMessage());
            }
        }
    }

    /** Writes the database of a backup into a new file, compared with what was put in. */
    Backup unpack(Path file, Path target, Progress progress) throws BackupTrouble {
        try {
            Manifest expected = BackupFile.manifest(file);
            room(expected.databaseBytes());
            long[] done = new long[1];
            try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
                Manifest manifest = BackupFile.unpack(file, out, count -> {
                    done[0] += count;
                    progress.at("unpacking", done[0], expected.databaseBytes());
                });
                return new Backup(file, Files.size(file), manifest);
            }
        } catch (IOException | IllegalArgumentException broken) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.DAMAGED,
                    file + " is not good: " + broken.getMessage(),
                    "use another backup",
                    broken);
        }
    }

    /** Brings the files that a backup names back into the hub's folder; how many are nowhere to be found. */
    int bringAttachmentsBack(Path file, Progress progress) throws IOException {
        int missing = 0;
        long done = 0;
        Set<AttachmentId> names = BackupFile.attachments(file);
        for (AttachmentId each : names) {
            if (!hubs.isWhole(each, count -> {})) {
                hubs.drop(each);
                missing += hubs.take(each, kept, count -> {}) ? 0 : 1;
            }
            progress.at("attachments", ++done, names.size());
        }
        return missing;
    }

    private Backup make(Path making, Source source, Progress progress)
            throws IOException, BackupTrouble, InterruptedException {
        Path database = making.resolve("hub.mv.db");
        StoreCopy copy = copy(source, database, progress);
        var named = new NamedAttachments(read -> progress.at("reading", read, 0));
        StoreReport report = read(database, named);
        if (!report.isWhole() && source.reexamine(report)) {
            Files.delete(database);
            copy = copy(source, database, progress);
            report = read(database, named);
        }
        if (!report.isWhole()) {
            throw damaged(database, report);
        }
        if (report.identity().commitNumber() != copy.commitNumber()
                || !report.identity().storeId().equals(copy.storeId())) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.DAMAGED,
                    "the copy holds commit " + report.identity().commitNumber() + " and not " + copy.commitNumber(),
                    "stop the hub and run `patchbay db check`");
        }
        var there = new HashSet<AttachmentId>();
        for (AttachmentId each : named.names()) {
            room(hubs.bytes(each));
            if (kept.take(each, hubs, new Room())) {
                there.add(each);
            }
            progress.at("attachments", there.size(), named.names().size());
        }
        var manifest = new Manifest(
                clock.instant(),
                settings.hubVersion(),
                report.schema(),
                copy.storeId(),
                copy.commitNumber(),
                copy.bytes(),
                copy.sha256(),
                report.rows(),
                there.size(),
                named.names().size() - there.size());
        Path zip = making.resolve("hub.zip");
        var room = new Room();
        long[] done = new long[1];
        long bytes = copy.bytes();
        BackupFile.write(zip, manifest, there, database, count -> {
            room.bytes(count);
            done[0] += count;
            progress.at("writing", done[0], bytes);
        });
        // What is in the zip is what was read whole above.
        done[0] = 0;
        BackupFile.unpack(zip, OutputStream.nullOutputStream(), count -> {
            done[0] += count;
            progress.at("comparing", done[0], bytes);
        });
        Path file = settings.dir()
                .resolve("hub-" + NAME_TIME.format(manifest.createdAt()) + "-" + copy.commitNumber() + ".zip");
        Files.move(zip, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Folders.force(settings.dir());
        return new Backup(file, Files.size(file), manifest);
    }

    private StoreCopy copy(Source source, Path database, Progress progress) throws IOException, InterruptedException {
        return source.copyTo(database, written -> {
            room(LOOK_EVERY);
            progress.at("copying", written, 0);
        });
    }

    private static StoreReport read(Path database, NamedAttachments named) throws IOException, BackupTrouble {
        try {
            return StoreFile.check(database, named);
        } catch (StoreException unreadable) {
            throw new BackupTrouble(
                    BackupTrouble.Kind.DAMAGED,
                    "the copy of the database cannot be opened: " + unreadable.what(),
                    "stop the hub and run `patchbay db check`",
                    unreadable);
        }
    }

    private int attachmentsDamaged(Path file, Progress progress) throws IOException {
        int damaged = 0;
        long done = 0;
        Set<AttachmentId> names = BackupFile.attachments(file);
        for (AttachmentId each : names) {
            damaged += kept.isWhole(each, count -> {}) ? 0 : 1;
            progress.at("attachments", ++done, names.size());
        }
        return damaged;
    }

    /** Only after a good one: as long as none succeeds, none goes. */
    private void letGo() throws IOException {
        List<Backup> all = list();
        for (Backup old : all.subList(Math.min(settings.keep(), all.size()), all.size())) {
            Files.deleteIfExists(old.file());
        }
        var named = new HashSet<AttachmentId>();
        for (Path file : files()) {
            try {
                named.addAll(BackupFile.attachments(file));
            } catch (IOException unreadable) {
                log.warn("Attachments of backups all stay, since {} cannot be read", file);
                return;
            }
        }
        kept.keepOnly(named);
    }

    /** Looks at the disk before bytes are written. */
    private void room(long bytes) throws IOException {
        long free = freeBytes.getAsLong();
        if (free - bytes < settings.minFreeBytes()) {
            throw new NoRoom("the disk of " + settings.dir() + " has " + free / 1_000_000
                    + " MB left; the backup must leave " + settings.minFreeBytes() / 1_000_000
                    + " MB of it (store.min-free)");
        }
    }

    private final class Room implements BackupFile.Watch {
        private long unseen = LOOK_EVERY;

        @Override
        public void bytes(long count) throws IOException {
            unseen += count;
            if (unseen >= LOOK_EVERY) {
                unseen = 0;
                room(LOOK_EVERY);
            }
        }
    }

    private static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoom(String message) {
            super(message);
        }
    }

    private static BackupTrouble damaged(Path file, StoreReport report) {
        var first = report.findings().getFirst();
        return new BackupTrouble(
                BackupTrouble.Kind.DAMAGED,
                "in " + file.getFileName() + " " + report.wrong() + " things are wrong, first " + first.place() + ": "
                        + first.what(),
                "`patchbay db check` shows what is wrong with the store itself");
    }

    private static BackupTrouble trouble(IOException disk) {
        String message = String.valueOf(disk.getMessage());
        boolean isFull = disk instanceof NoRoom
                || message.toLowerCase(java.util.Locale.ROOT).contains("no space left");
        return isFull
                ? new BackupTrouble(
                        BackupTrouble.Kind.NO_ROOM,
                        message,
                        "make room, set backups.dir to another disk, or lower backups.keep",
                        disk)
                : new BackupTrouble(BackupTrouble.Kind.DISK, message, "look at the disk of the backups", disk);
    }

    private static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> leftOver = Files.newDirectoryStream(folder)) {
            for (Path each : leftOver) {
                Files.delete(each);
            }
        }
    }

    private static long usable(Path dir) {
        for (Path here = dir.toAbsolutePath(); here != null; here = here.getParent()) {
            if (Files.exists(here)) {
                return here.toFile().getUsableSpace();
            }
        }
        return 0;
    }

    /** The newest good one. */
    public Optional<Backup> latest() {
        return list().stream().findFirst();
    }

    /** How long ago the newest good one was made. */
    public Optional<Instant> lastGood() {
        return latest().map(each -> each.manifest().createdAt());
    }
}
