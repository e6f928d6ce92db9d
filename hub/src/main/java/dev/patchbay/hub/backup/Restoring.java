package dev.patchbay.hub.backup;

import dev.patchbay.hub.store.RestoreResult;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a backup in place of a store while no hub runs, and keeps a note of it until somebody has seen it. */
public final class Restoring {
    private static final Logger log = LoggerFactory.getLogger(Restoring.class);

    private final Backups backups;
    private final StoreFolder store;
    private final RestoreNotice notice;

    public Restoring(Backups backups, StoreFolder store) {
        this.backups = backups;
        this.store = store;
        this.notice = new RestoreNotice(backups.settings().dataDir());
    }

    /**
     * What was done.
     *
     * @param attachmentsMissing files that messages name and that are nowhere to be found
     * @param lost what is lost, in words for people; empty if nothing is
     */
    public record Restored(Backup backup, RestoreResult result, int attachmentsMissing, Optional<String> lost) {}

    /**
     * Puts one backup back. What is there now is set aside, never deleted.
     *
     * @param salvage whether what can still be read of the present store is taken over
     * @throws StoreException if a hub is running
     */
    public Restored restore(Path file, boolean salvage, Progress progress) throws BackupTrouble, IOException {
        return store.locked(() -> put(file, salvage, progress));
    }

    /**
     * Puts back the newest backup that is good, for a hub that could not start; the note of it stays until it is acknowledged.
     *
     * @param why what is wrong with the store
     */
    public Restored restoreAfterDamage(String why) throws BackupTrouble, IOException {
        List<Path> all = backups.files();
        BackupTrouble last = new BackupTrouble(
                BackupTrouble.Kind.NOT_FOUND,
                "there is no backup in " + backups.settings().dir(),
                "`patchbay db check` shows what can be read");
        for (Path each : all) {
            try {
                Restored restored = restore(each, true, Progress.NONE);
                notice.leave(why, restored);
                return restored;
            } catch (BackupTrouble notThisOne) {
                log.warn("{} cannot be put back: {}", each, notThisOne.getMessage());
                last = notThisOne;
            }
        }
        throw last;
    }

    private Restored put(Path file, boolean salvage, Progress progress) throws IOException, BackupTrouble {
        RestoreResult result;
        Backup backup = unpack(file, progress);
        try {
            result = store.restore(store.unpackedTo(), salvage);
        } catch (IOException | StoreException broken) {
            if (!salvage) {
                throw damaged(file, broken);
            }
            log.warn("What was read of the damaged store does not fit together; the backup is put back alone", broken);
            backup = unpack(file, progress);
            try {
                result = store.restore(store.unpackedTo(), false);
            } catch (IOException | StoreException alone) {
                throw damaged(file, alone);
            }
        }
        int missing = backups.bringAttachmentsBack(file, progress);
        return new Restored(backup, result, missing, lost(backup, result));
    }

    private Backup unpack(Path file, Progress progress) throws IOException, BackupTrouble {
        return backups.unpack(file, store.unpackTo(), progress);
    }

    private static BackupTrouble damaged(Path file, Exception why) {
        return new BackupTrouble(
                BackupTrouble.Kind.DAMAGED,
                file + " cannot be put back: " + why.getMessage(),
                "nothing was changed; `patchbay backup list` shows the others",
                why);
    }

    private static Optional<String> lost(Backup backup, RestoreResult result) {
        if (result.isComplete()) {
            return Optional.empty();
        }
        Instant from = backup.manifest().createdAt();
        String until = result.lastCommitAt().map(at -> " and " + at).orElse("");
        long taken = result.taken().values().stream().mapToLong(Long::longValue).sum();
        if (taken == 0 && result.damaged() == 0 && result.gaps() == 0) {
            return Optional.of("what was stored between " + from + until);
        }
        return Optional.of("of what was stored between " + from + until + ", whatever could not be read: "
                + result.damaged() + " damaged records, " + result.gaps() + " places that cannot be read");
    }
}
