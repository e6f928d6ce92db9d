package dev.patchbay.hub;

import dev.patchbay.hub.backup.Backup;
import dev.patchbay.hub.backup.BackupSchedule;
import dev.patchbay.hub.backup.BackupTrouble;
import dev.patchbay.hub.backup.Backups;
import dev.patchbay.hub.backup.Progress;
import dev.patchbay.hub.backup.RestoreNotice;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.gateway.method.StoreDesk;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.BodyVisitor;
import dev.patchbay.hub.store.CopyWatch;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.StoreCopy;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreFile;
import dev.patchbay.hub.store.StoreFolder;
import dev.patchbay.hub.store.StoreReport;
import dev.patchbay.hub.store.StoreStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store and its backups while the hub runs, as operators see them. */
final class StoreRoom implements StoreDesk, Backups.Source, BackupSchedule.Reports {
    private static final Logger log = LoggerFactory.getLogger(StoreRoom.class);

    private final H2Store store;
    private final StoreFolder folder;
    private final Backups backups;
    private final RestoreNotice notice;
    private final Events events;
    private final Housekeeping housekeeping;
    private final BackupSchedule schedule;
    private final ReentrantLock oneCheck = new ReentrantLock();

    StoreRoom(
            H2Store store, StoreFolder folder, Backups backups, Events events, Housekeeping housekeeping, World world) {
        this.store = store;
        this.folder = folder;
        this.backups = backups;
        this.notice = new RestoreNotice(backups.settings().dataDir());
        this.events = events;
        this.housekeeping = housekeeping;
        this.schedule =
                new BackupSchedule(backups, this, () -> store.identity().storeId(), this::holdsAnything, this, world);
    }

    BackupSchedule schedule() {
        return schedule;
    }

    /** The time between two backups; empty: only when somebody asks for one. */
    Optional<Duration> every() {
        return backups.settings().every();
    }

    RestoreNotice notice() {
        return notice;
    }

    // ---- as where backups come from, and who hears of them

    @Override
    public StoreCopy copyTo(Path target, CopyWatch watch) throws IOException, InterruptedException {
        return store.copyTo(target, watch);
    }

    @Override
    public boolean reexamine(StoreReport report) throws InterruptedException {
        long before = store.status().damaged();
        store.reexamine(report);
        return store.status().damaged() > before;
    }

    @Override
    public void made(Backup backup) {
        events.publishPassing(
                "backup.made",
                null,
                null,
                Map.of(
                        "name",
                        backup.name(),
                        "bytes",
                        Long.toString(backup.bytes()),
                        "commit_number",
                        Long.toString(backup.manifest().commitNumber())));
    }

    @Override
    public void failed(BackupTrouble why) throws InterruptedException {
        events.record("backup.failed", Map.of("reason", String.valueOf(why.getMessage()), "cure", why.cure()));
    }

    // ---- as operators see it

    @Override
    public Map<String, Object> createBackup() throws NotDone, InterruptedException {
        try {
            return StoreTrees.backup(schedule.now(Progress.NONE));
        } catch (BackupTrouble trouble) {
            throw new NotDone(trouble.getMessage() + "; " + trouble.cure(), trouble.kind() == BackupTrouble.Kind.BUSY);
        }
    }

    @Override
    public Map<String, Object> backups() {
        return StoreTrees.backups(backups.settings().dir(), backups.list());
    }

    @Override
    public Map<String, Object> info() throws InterruptedException {
        StoreStatus status = store.status();
        var tree = new LinkedHashMap<String, Object>();
        tree.put("kind", status.kind());
        tree.put("file", folder.database().toString());
        tree.put("bytes", status.bytes());
        tree.put("free_bytes", status.freeBytes());
        tree.put("store_id", store.identity().storeId().toString());
        tree.put("commit_number", store.identity().commitNumber());
        folder.mark().ifPresent(number -> tree.put("mark", number));
        tree.put("schema", StoreFile.SCHEMA);
        tree.put("rows", store.rows());
        tree.put("damaged", status.damaged());
        BackupSchedule.Standing standing = schedule.standing();
        StoreTrees.backupStanding(tree, standing.lastGood(), notice.read());
        standing.trouble().ifPresent(why -> tree.put("backup_trouble", why));
        return tree;
    }

    @Override
    public Map<String, Object> check() throws NotDone, InterruptedException {
        if (!oneCheck.tryLock()) {
            throw new NotDone("another check is under way; wait until it has ended", true);
        }
        OptionalLong mark = folder.mark();
        Path copy =
                folder.database().resolveSibling("check-" + folder.database().getFileName());
        try {
            Files.deleteIfExists(copy);
            StoreCopy made = store.copyTo(copy, bytes -> refuseWithoutRoom());
            StoreReport report = StoreFile.check(copy, BodyVisitor.NONE);
            if (!report.isGood()) {
                store.reexamine(report);
            }
            // The mark moves on while we look; the copy must only not be behind where it stood at the beginning.
            boolean isBehind = mark.isPresent() && made.commitNumber() < mark.getAsLong();
            return StoreTrees.check(report, isBehind ? mark : OptionalLong.of(made.commitNumber()));
        } catch (IOException | StoreException cannot) {
            throw new NotDone("the store could not be copied and read: " + cannot.getMessage(), false);
        } finally {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException later) {
                log.warn("{} stays until the next check: {}", copy, later.getMessage());
            }
            oneCheck.unlock();
        }
    }

    @Override
    public Map<String, Object> setAside() throws InterruptedException {
        return StoreTrees.setAside(store.setAside());
    }

    @Override
    public Map<String, Object> optimize() throws InterruptedException {
        long before = store.status().bytes();
        var tree = new LinkedHashMap<>(housekeeping.optimize());
        tree.put("bytes_before", before);
        tree.put("bytes", store.status().bytes());
        return tree;
    }

    @Override
    public boolean acknowledge() throws NotDone {
        try {
            return notice.acknowledge();
        } catch (IOException cannot) {
            throw new NotDone("the note cannot be removed: " + cannot.getMessage(), false);
        }
    }

    private void refuseWithoutRoom() throws IOException {
        StoreStatus status = store.status();
        if (status.freeBytes() < backups.settings().minFreeBytes() + (8 << 20)) {
            throw new IOException("there is no room for a copy of the store");
        }
    }

    private boolean holdsAnything() {
        try {
            return store.rows().values().stream().anyMatch(count -> count > 0);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
