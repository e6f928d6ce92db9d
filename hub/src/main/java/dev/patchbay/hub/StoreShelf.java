package dev.patchbay.hub;

import dev.patchbay.hub.backup.BackupTrouble;
import dev.patchbay.hub.backup.Backups;
import dev.patchbay.hub.backup.RestoreNotice;
import dev.patchbay.hub.backup.Restoring;
import dev.patchbay.hub.command.HubRunner.NotDone;
import dev.patchbay.hub.command.HubRunner.StoreTools;
import dev.patchbay.hub.command.HubRunner.Watching;
import dev.patchbay.hub.store.BodyVisitor;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoreFile;
import dev.patchbay.hub.store.StoreFolder;
import dev.patchbay.hub.store.StoreReport;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/** The store and its backups while no hub runs. One thread. */
final class StoreShelf implements StoreTools {
    private final StoreFolder store;
    private final Backups backups;
    private final RestoreNotice notice;

    StoreShelf(StoreFolder store, Backups backups) {
        this.store = store;
        this.backups = backups;
        this.notice = new RestoreNotice(backups.settings().dataDir());
    }

    private interface Doing<R> {
        R run() throws Exception;
    }

    @Override
    public Map<String, Object> create(Watching watching) throws NotDone {
        return run(() -> {
            refuseNothing();
            return store.locked(() -> StoreTrees.backup(
                    backups.create((target, watch) -> StoreFile.copy(store.database(), target, watch), watching::at)));
        });
    }

    @Override
    public Map<String, Object> list() {
        return StoreTrees.backups(backups.settings().dir(), backups.list());
    }

    @Override
    public Map<String, Object> verify(String name, Watching watching) throws NotDone {
        return run(() -> {
            Backups.Verified verified = backups.verify(backups.find(name), watching::at);
            var tree = StoreTrees.backup(verified.backup());
            tree.put("attachments_damaged", verified.attachmentsDamaged());
            return tree;
        });
    }

    @Override
    public Map<String, Object> plan(String name) throws NotDone {
        return run(() -> {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("backup", StoreTrees.backup(backups.open(backups.find(name))));
            tree.put("store", store.database().toString());
            return tree;
        });
    }

    @Override
    public Map<String, Object> restore(String name, boolean salvage, Watching watching) throws NotDone {
        return run(() ->
                StoreTrees.restored(new Restoring(backups, store).restore(backups.find(name), salvage, watching::at)));
    }

    @Override
    public Map<String, Object> info() throws NotDone {
        return run(() -> {
            refuseNothing();
            return store.locked(() -> {
                StoreReport report = store.check(BodyVisitor.NONE);
                var tree = new LinkedHashMap<String, Object>();
                tree.put("kind", "h2");
                tree.put("file", store.database().toString());
                tree.put("bytes", Files.size(store.database()));
                tree.put("free_bytes", store.database().toFile().getUsableSpace());
                tree.put("store_id", report.identity().storeId().toString());
                tree.put("commit_number", report.identity().commitNumber());
                store.mark().ifPresent(number -> tree.put("mark", number));
                tree.put("schema", report.schema());
                tree.put("rows", report.rows());
                tree.put("damaged", report.setAside());
                StoreTrees.backupStanding(tree, backups.latest(), notice.read());
                return tree;
            });
        });
    }

    @Override
    public Map<String, Object> check(Watching watching) throws NotDone {
        return run(() -> {
            refuseNothing();
            return store.locked(() -> {
                try {
                    long[] read = new long[1];
                    BodyVisitor visitor = new BodyVisitor() {
                        @Override
                        public void records(int count) {
                            read[0] += count;
                            watching.at("reading", read[0], 0);
                        }
                    };
                    return StoreTrees.check(store.check(visitor), store.mark());
                } catch (StoreException unreadable) {
                    return StoreTrees.unreadable(
                            store.database().toString(),
                            unreadable.what(),
                            unreadable.cure().orElse(""));
                }
            });
        });
    }

    @Override
    public Map<String, Object> setAside() throws NotDone {
        return run(() -> {
            refuseNothing();
            return store.locked(() -> StoreTrees.setAside(store.setAside()));
        });
    }

    @Override
    public Map<String, Object> compact(Watching watching) throws NotDone {
        return run(() -> {
            refuseNothing();
            return store.locked(() -> {
                long before = Files.size(store.database());
                long after = store.compact(written -> watching.at("copying", written, before));
                var tree = new LinkedHashMap<String, Object>();
                tree.put("bytes_before", before);
                tree.put("bytes", after);
                return tree;
            });
        });
    }

    @Override
    public Map<String, Object> acknowledge() throws NotDone {
        return run(() -> Map.of("acknowledged", notice.acknowledge()));
    }

    private void refuseNothing() throws BackupTrouble {
        if (!store.exists()) {
            throw BackupTrouble.nothing(store.database());
        }
    }

    private static <R> R run(Doing<R> doing) throws NotDone {
        try {
            return doing.run();
        } catch (BackupTrouble trouble) {
            throw new NotDone(String.valueOf(trouble.getMessage()), trouble.cure(), false, trouble);
        } catch (StoreException refused) {
            throw new NotDone(refused.what(), refused.cure().orElse(""), refused.isInUse(), refused);
        } catch (IOException disk) {
            throw new NotDone(
                    String.valueOf(disk.getMessage()), "look at the disk, and who may write there", false, disk);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new NotDone("it was interrupted", "", false, stop);
        } catch (RuntimeException bug) {
            throw bug;
        } catch (Exception unknown) {
            throw new NotDone(
                    String.valueOf(unknown), "the same with -v shows where; please report that", false, unknown);
        }
    }
}
