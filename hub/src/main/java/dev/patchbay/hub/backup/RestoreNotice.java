package dev.patchbay.hub.backup;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.store.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The note of a restore that happened by itself. It stays until somebody acknowledges it. Safe for many threads. */
public final class RestoreNotice {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final Path file;

    public RestoreNotice(Path dataDir) {
        this.folder = dataDir;
        this.file = dataDir.resolve("restored.json");
    }

    /** What it says; empty if nobody has to know anything. */
    public Optional<String> read() {
        try {
            return Files.exists(file)
                    ? Optional.of(
                            JSON.readTree(Files.readAllBytes(file)).path("what").asText("the store was restored"))
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of("the store was restored by itself; " + file + " cannot be read");
        }
    }

    /** Somebody has seen it; false if there was nothing to see. */
    public boolean acknowledge() throws IOException {
        return Files.deleteIfExists(file);
    }

    void leave(String why, Restoring.Restored restored) throws IOException {
        String what = why + "; restored from " + restored.backup().name()
                + restored.lost()
                        .map(lost -> "; lost: " + lost)
                        .orElse("; everything newer could be taken over, nothing is lost")
                + "; the old store is in " + restored.result().setAside();
        ObjectNode json = JSON.createObjectNode().put("what", what);
        Path unfinished = folder.resolve("restored.json.new");
        Files.write(unfinished, JSON.writeValueAsBytes(json));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Folders.force(folder);
    }
}
