package dev.patchbay.hub.backup;

import java.nio.file.Path;

/**
 * A backup that was read whole when it was made.
 *
 * @param bytes of its file, without the attachments, which backups share
 */
public record Backup(Path file, long bytes, Manifest manifest) {
    /** What people call it. */
    public String name() {
        return file.getFileName().toString();
    }
}
