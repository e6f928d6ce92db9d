package dev.patchbay.hub;

import dev.patchbay.hub.backup.Backup;
import dev.patchbay.hub.backup.Restoring.Restored;
import dev.patchbay.hub.store.SetAside;
import dev.patchbay.hub.store.StoreReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is told of the store and its backups, in wire names; the same whether a hub runs or not. */
final class StoreTrees {
    private StoreTrees() {}

    static Map<String, Object> backup(Backup backup) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", backup.name());
        tree.put("file", backup.file().toString());
        tree.put("created_at", backup.manifest().createdAt().toString());
        tree.put("bytes", backup.bytes());
        tree.put("commit_number", backup.manifest().commitNumber());
        // It would not have its name otherwise.
        tree.put("verified", true);
        tree.put("records", backup.manifest().records());
        tree.put("attachments", backup.manifest().attachments());
        tree.put("attachments_missing", backup.manifest().attachmentsMissing());
        tree.put("schema", backup.manifest().schema());
        tree.put("hub_version", backup.manifest().hubVersion());
        tree.put("store_id", backup.manifest().storeId().toString());
        return tree;
    }

    static Map<String, Object> backups(Path folder, List<Backup> backups) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("folder", folder.toString());
        tree.put("backups", backups.stream().map(StoreTrees::backup).toList());
        return tree;
    }

    static Map<String, Object> setAside(List<SetAside> records) {
        return Map.of(
                "records",
                records.stream()
                        .map(each -> {
                            var tree = new LinkedHashMap<String, Object>();
                            tree.put("kind", each.kind());
                            tree.put("id", each.id());
                            tree.put("reason", each.reason());
                            tree.put("at", each.at().toString());
                            tree.put("bytes", each.bytes());
                            return tree;
                        })
                        .toList());
    }

    static Map<String, Object> check(StoreReport report, OptionalLong mark) {
        var findings = new ArrayList<Map<String, Object>>();
        report.findings().forEach(each -> findings.add(finding(each.place(), each.what(), each.cure())));
        long wrong = report.wrong();
        long commit = report.identity().commitNumber();
        if (mark.isPresent() && mark.getAsLong() > commit) {
            wrong++;
            findings.add(finding(
                    "hub.mark",
                    "the store went back in time by " + (mark.getAsLong() - commit) + " commits",
                    "stop the hub and run `patchbay backup restore latest`, or, if this store is meant and the loss"
                            + " accepted, remove hub.mark"));
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("ok", wrong == 0);
        tree.put("records", report.records());
        tree.put("commit_number", commit);
        mark.ifPresent(number -> tree.put("mark", number));
        tree.put("damaged", report.setAside());
        tree.put("wrong", wrong);
        tree.put("findings", findings);
        return tree;
    }

    static Map<String, Object> restored(Restored restored) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("backup", backup(restored.backup()));
        tree.put("commit_number", restored.result().identity().commitNumber());
        tree.put("set_aside", restored.result().setAside().toString());
        tree.put("taken_over", restored.result().taken());
        tree.put("complete", restored.result().isComplete());
        restored.lost().ifPresent(lost -> tree.put("lost", lost));
        tree.put("attachments_missing", restored.attachmentsMissing());
        return tree;
    }

    private static Map<String, Object> finding(String place, String what, String cure) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("place", place);
        tree.put("what", what);
        tree.put("cure", cure);
        return tree;
    }

    /** What {@link #check} says of a store that does not open. */
    static Map<String, Object> unreadable(String place, String what, String cure) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("ok", false);
        tree.put("records", 0);
        tree.put("wrong", 1);
        tree.put("findings", List.of(finding(place, what, cure)));
        return tree;
    }

    static void backupStanding(Map<String, Object> tree, Optional<Backup> last, Optional<String> restored) {
        last.ifPresent(each -> tree.put("last_backup", backup(each)));
        restored.ifPresent(what -> tree.put("restored", what));
    }
}
