package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import java.nio.file.Path;

/**
 * Where and how to store.
 *
 * @param url like {@code jdbc:h2:file:./data/hub}; the path is absolute or starts with {@code ./}
 * @param dataDir holds the lock and the high-water mark; made if missing
 * @param minFreeBytes below this much free disk nothing new is stored; 0 or more
 * @param batchLimit most writes in one transaction, 1 to 10,000
 * @param readers threads that read, 1 to 64
 * @param failPoints where failures can be brought in
 * @param beforeMigration keeps what an older hub has made before its tables are changed
 */
public record StoreOptions(
        String url,
        Path dataDir,
        long minFreeBytes,
        int batchLimit,
        int readers,
        FailPoints failPoints,
        BeforeMigration beforeMigration) {
    public StoreOptions {
        if (minFreeBytes < 0) {
            throw new IllegalArgumentException("minFreeBytes: " + minFreeBytes + " is negative");
        }
        if (batchLimit < 1 || batchLimit > 10_000) {
            throw new IllegalArgumentException("batchLimit: " + batchLimit + " is not between 1 and 10000");
        }
        if (readers < 1 || readers > 64) {
            throw new IllegalArgumentException("readers: " + readers + " is not between 1 and 64");
        }
    }

    /** In which nothing fails on purpose, and without a backup before a migration. */
    public StoreOptions(String url, Path dataDir, long minFreeBytes, int batchLimit, int readers) {
        this(url, dataDir, minFreeBytes, batchLimit, readers, FailPoints.NONE, BeforeMigration.NONE);
    }

    /** With 32 writes in a batch, so that nobody waits long behind others, and 2 readers. */
    public static StoreOptions of(String url, Path dataDir, long minFreeBytes) {
        return new StoreOptions(url, dataDir, minFreeBytes, 32, 2);
    }

    /** The same, failing where that is asked for. */
    public StoreOptions failingAt(FailPoints points) {
        return new StoreOptions(url, dataDir, minFreeBytes, batchLimit, readers, points, beforeMigration);
    }

    /** The same with a backup before a migration. */
    public StoreOptions with(BeforeMigration keeping) {
        return new StoreOptions(url, dataDir, minFreeBytes, batchLimit, readers, failPoints, keeping);
    }
}
