package dev.patchbay.hub.command;

import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Places;
import dev.patchbay.hub.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether the files that the configuration names are there and may be used. Writes nothing. */
final class FileChecks {
    private static final String H2_FILE = "jdbc:h2:file:";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Places places;
    private final List<Problem> problems = new ArrayList<>();

    private FileChecks(Places places) {
        this.places = places;
    }

    static List<Problem> problems(LoadedConfig loaded) {
        var checks = new FileChecks(loaded.places());
        HubConfig config = loaded.config();
        Path data = config.hub().dataDir();
        checks.folder("hub.data-dir", data);
        if (config.store().url().startsWith(H2_FILE)) {
            Path file = Path.of(config.store().url().substring(H2_FILE.length()).split(";", 2)[0]);
            Path folder = file.toAbsolutePath().normalize().getParent();
            if (folder != null && !folder.equals(data.normalize())) {
                checks.folder("store.url", folder);
            }
        }
        checks.free("store.min-free", data, config.store().minFreeBytes());
        checks.plugins("plugins.dir", config.plugins().dir());
        checks.secret("hub.data-dir", data.resolve("admin-token"));
        config.server().tls().ifPresent(tls -> {
            checks.readable("server.tls.cert", tls.cert());
            checks.readable("server.tls.key", tls.key());
        });
        return List.copyOf(checks.problems);
    }

    private void folder(String key, Path folder) {
        Path there = nearest(folder);
        if (!Files.isDirectory(there)) {
            error(key, there + " is not a folder", "name another one, or move the file away");
        } else if (!Files.isWritable(there)) {
            error(
                    key,
                    (there.equals(folder) ? folder + " is" : folder + " cannot be made: " + there + " is")
                            + " not writable",
                    "let the hub's user write there, or name another folder");
        }
    }

    private void free(String key, Path folder, long bytes) {
        try {
            long free = Files.getFileStore(nearest(folder)).getUsableSpace();
            if (free < bytes) {
                problems.add(places.warning(
                        key,
                        "only " + (free >> 20) + " MB are free in " + folder + ": nothing would be taken in",
                        "make room, or lower it"));
            }
        } catch (IOException unknown) {
            problems.add(places.warning(
                    "hub.data-dir", "how much room is left in " + folder + " is unknown", "look at the file system"));
        }
    }

    private void plugins(String key, Path folder) {
        if (Files.exists(folder) && (!Files.isDirectory(folder) || !Files.isReadable(folder))) {
            error(
                    key,
                    folder + " is not a folder that can be read",
                    "name another one, or give the hub's user the right");
        }
    }

    private void secret(String key, Path file) {
        try {
            if (Files.exists(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                problems.add(
                        places.warning(key, file + " may be read by other users of this machine", "chmod 600 " + file));
            }
        } catch (IOException | UnsupportedOperationException unknown) {
            // No such permissions here: nothing to say about them.
        }
    }

    private void readable(String key, Path file) {
        if (!Files.isReadable(file)) {
            error(
                    key,
                    file + (Files.exists(file) ? " may not be read" : " does not exist"),
                    "name a PEM file that the hub's user may read");
        }
    }

    private void error(String key, String message, String cure) {
        problems.add(places.error(key, message, cure));
    }

    private static Path nearest(Path path) {
        for (Path here = path.toAbsolutePath().normalize(); here != null; here = here.getParent()) {
            if (Files.exists(here)) {
                return here;
            }
        }
        return path.getRoot();
    }
}
