package dev.patchbay.hub;

import dev.patchbay.hub.backup.BackupTrouble;
import dev.patchbay.hub.backup.Backups;
import dev.patchbay.hub.backup.Restoring;
import dev.patchbay.hub.backup.Restoring.Restored;
import dev.patchbay.hub.command.HubRunner.NotStarted;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.HubConfig.OnDamage;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreFile;
import dev.patchbay.hub.store.StoreFolder;
import dev.patchbay.hub.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store of a hub that starts, with what there is to be done before: a backup before a migration, a restore after damage. */
final class StoreOpening {
    private static final Logger log = LoggerFactory.getLogger(StoreOpening.class);

    private final HubConfig config;
    private final Backups backups;
    private final StoreFolder folder;
    private final World world;

    StoreOpening(HubConfig config, Backups backups, StoreFolder folder, World world) {
        this.config = config;
        this.backups = backups;
        this.folder = folder;
        this.world = world;
    }

    /**
     * The store, and what was restored if it had to be.
     *
     * @param restored what happened, for those who watch
     */
    record Opened(H2Store store, Optional<String> restored) {}

    Opened open(Meters meters) throws NotStarted {
        try {
            return new Opened(store(meters), Optional.empty());
        } catch (StoreException damaged) {
            if (!damaged.isDamage()) {
                throw damaged;
            }
            if (config.store().onDamage() == OnDamage.REFUSE) {
                throw refused(damaged);
            }
            String restored = restore(damaged);
            return new Opened(store(meters), Optional.of(restored));
        }
    }

    private H2Store store(Meters meters) {
        return H2Store.open(
                StoreOptions.of(
                                config.store().url(),
                                config.hub().dataDir(),
                                config.store().minFreeBytes())
                        .with(this::keepBefore)
                        .failingAt(world.failPoints()),
                world.clock(),
                meters);
    }

    /** A migration without a way back is not begun. */
    private void keepBefore(Path database, int schema) throws IOException {
        try {
            var made =
                    backups.create((target, watch) -> StoreFile.copy(database, target, watch), (step, done, of) -> {});
            log.info("The tables of schema {} are kept as {} before they are changed", schema, made.name());
        } catch (BackupTrouble trouble) {
            throw StoreException.migrationRefused(
                    "the store's tables are to be changed, and there is no backup: " + trouble.getMessage(),
                    trouble.cure(),
                    trouble);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        }
    }

    private NotStarted refused(StoreException damaged) {
        String cure = backups.latest()
                .map(last -> "the last good backup is " + last.name() + " of "
                        + last.manifest().createdAt() + "; " + damaged.cure().orElse("")
                        + ", sets this one aside and takes over what can still be read of it;"
                        + " store.on-damage: restore does so by itself")
                .orElseGet(() -> "there is no backup in " + backups.settings().dir() + "; "
                        + damaged.cure().orElse("") + " if you have one elsewhere (name its file)");
        return new NotStarted(damaged.what(), cure, damaged);
    }

    private String restore(StoreException damaged) throws NotStarted {
        log.error("{}; store.on-damage says to restore", damaged.what());
        try {
            Restored restored = new Restoring(backups, folder).restoreAfterDamage(damaged.what());
            String told = "restored from " + restored.backup().name()
                    + restored.lost().map(lost -> "; lost: " + lost).orElse("; nothing is lost");
            log.error(
                    "{}; taken over from the damaged store: {}; it is in {}; `patchbay db acknowledge` takes note",
                    told,
                    restored.result().taken(),
                    restored.result().setAside());
            return told;
        } catch (BackupTrouble none) {
            throw new NotStarted(
                    damaged.what() + ", and it cannot be restored: " + none.getMessage(), none.cure(), none);
        } catch (IOException disk) {
            throw new NotStarted(
                    damaged.what() + ", and restoring failed: " + disk.getMessage(),
                    "look at the disk, then run `patchbay backup restore latest`",
                    disk);
        }
    }
}
