package dev.patchbay.hub.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * Brings what was committed to the disk, and keeps H2 from touching what a power cut may have to fall back on. Called by the
 * writer's thread, which is the only one that lets H2 write: the background thread is switched off.
 *
 * <ul>
 *   <li>{@code CHECKPOINT SYNC} beside the background thread may find nothing to write, because that thread has begun to write our
 *       commit just before, and sync a file that does not hold it yet.
 *   <li>H2 reuses the space of what a later version does not need, even if that later version has never been synced: a power cut
 *       could leave the disk with neither. Here only space goes free that was dead before the version that is {@link Confirmed}.
 *       That also makes H2's own guard, a waiting time of 45 s that lets the file grow many times over, unnecessary.
 * </ul>
 */
final class H2Sync {
    private static final int KEEP_ALL = Integer.MAX_VALUE / 2;

    /** Of old chunks, live pages are taken along until they are at least so full; what H2's background thread would do. */
    private static final int FILL_PERCENT = 60;

    private static final int COMMITS_PER_TIDYING = 16;
    private static final int TIDIED_BYTES_MAX = 512 * 1024;

    /** While the file is being copied, from any thread. */
    private final AtomicInteger frozen = new AtomicInteger();

    private final MVStore store;
    private final FileStore<?> file;
    private long confirmed;
    private long commits;

    /**
     * Takes over a database that has just been opened.
     *
     * @param known what the mark names; empty if nobody knows
     */
    H2Sync(Connection connection, Optional<Confirmed> known) throws SQLException {
        var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        store = session.getDatabase().getStore().getMvStore();
        file = store.getFileStore();
        store.setVersionsToKeep(KEEP_ALL);
        store.setRetentionTime(0);
        store.setAutoCommitDelay(0);
        long found = file.lastChunkVersion();
        confirmed = known.map(state -> Math.min(state.version(), found)).orElse(found);
    }

    /** Returns when everything that was committed is on disk. */
    Confirmed sync() {
        // What is being copied must stay where it is, and nothing newer may get between it.
        boolean thawed = frozen.get() == 0;
        store.setReuseSpace(thawed);
        if (thawed) {
            if (++commits % COMMITS_PER_TIDYING == 0) {
                store.compact(FILL_PERCENT, TIDIED_BYTES_MAX);
            }
            store.setVersionsToKeep((int) Math.min(KEEP_ALL, store.getCurrentVersion() + 1 - confirmed));
        }
        store.commit();
        // H2 writes in between too, when much has changed: then nothing may go free.
        store.setVersionsToKeep(KEEP_ALL);
        file.executeFileStoreOperation(store::sync);
        return new Confirmed(file.getCreationTime(), file.lastChunkVersion());
    }

    /** Keeps what was synced just now as it is on disk, until the answer is closed. Called by the writer's thread, after {@link #sync}. */
    H2Freeze freeze() {
        frozen.incrementAndGet();
        store.setReuseSpace(false);
        try {
            return new H2Freeze(store, frozen::decrementAndGet);
        } catch (RuntimeException failed) {
            frozen.decrementAndGet();
            throw failed;
        }
    }

    /** The mark on disk names this state: from now on a power cut leads back to it, and not to an earlier one. */
    void confirmed(Confirmed state) {
        confirmed = state.version();
    }
}
