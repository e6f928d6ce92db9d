package dev.patchbay.hub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * Brings what was committed to the disk; what {@code CHECKPOINT SYNC} does, with two holes closed. Called by the writer's thread.
 *
 * <ul>
 *   <li>H2's background thread may have begun to write our commit just before: {@code CHECKPOINT SYNC} then finds nothing to write and
 *       syncs a file that does not hold it yet. Here the pending writes are waited for.
 *   <li>H2 reuses the space of what a later version does not need, even if that later version has never been synced: a power cut could
 *       leave the disk with neither. Here space is only reused by a version that follows a synced one. That also makes H2's
 *       own guard, a waiting time of 45 s that lets the file grow many times over, unnecessary.
 * </ul>
 */
final class H2Sync {
    private final MVStore store;
    private long syncedVersion = -1;

    /** While the file is being copied, from any thread. */
    private final AtomicInteger frozen = new AtomicInteger();

    H2Sync(Connection connection) throws SQLException {
        var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        store = session.getDatabase().getStore().getMvStore();
        store.setRetentionTime(0);
        // H2's background thread may slip in one version of its own between our look and our commit.
        store.setVersionsToKeep(2);
        store.setReuseSpace(false);
    }

    /** Returns when everything that was committed is on disk. */
    void sync() {
        store.setReuseSpace(store.getCurrentVersion() == syncedVersion && frozen.get() == 0);
        store.commit();
        store.setReuseSpace(false);
        long version = store.getCurrentVersion();
        store.getFileStore().executeFileStoreOperation(store::sync);
        syncedVersion = version;
    }

    /** Keeps what was synced just now as it is on disk, until the answer is closed. Called by the writer's thread, after {@link #sync}. */
    H2Freeze freeze() {
        frozen.incrementAndGet();
        try {
            return new H2Freeze(store, frozen::decrementAndGet);
        } catch (RuntimeException failed) {
            frozen.decrementAndGet();
            throw failed;
        }
    }

    /** Lets H2 tidy up at the end. */
    void release() {
        store.setReuseSpace(true);
    }
}
