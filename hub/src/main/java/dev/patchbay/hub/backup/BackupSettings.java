package dev.patchbay.hub.backup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How backups are made.
 *
 * @param dataDir holds the folder of attachments
 * @param dir where backups go; made if missing
 * @param every the time between two; empty: only when somebody asks for one
 * @param keep so many stay, 1 or more
 * @param minFreeBytes a backup that would leave less free disk than this is not made
 * @param hubVersion written into each
 */
public record BackupSettings(
        Path dataDir, Path dir, Optional<Duration> every, int keep, long minFreeBytes, String hubVersion) {
    public BackupSettings {
        if (keep < 1) {
            throw new IllegalArgumentException("keep: " + keep + " is less than 1");
        }
    }
}
