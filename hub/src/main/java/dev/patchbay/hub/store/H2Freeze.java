package dev.patchbay.hub.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;

/**
 * The file as it was right after a sync, while the store goes on: whatever that version needs is neither overwritten nor moved
 * until {@link #close}. Only the first two blocks, H2's header, change in place; they were read at once.
 *
 * <p>Read through H2's own channel: opening the file a second time would, on closing, release the lock that H2 holds on it. So it is
 * read by a thread that nobody interrupts.
 */
final class H2Freeze implements AutoCloseable {
    private static final int HEADER_BYTES = 8_192;

    private final MVStore store;
    private final SingleFileStore file;
    private final MVStore.TxCounter usage;
    private final Runnable thaw;
    private final byte[] header = new byte[HEADER_BYTES];
    private long end;

    /** @param thaw lets space be reused again */
    H2Freeze(MVStore store, Runnable thaw) {
        this.store = store;
        this.file = (SingleFileStore) store.getFileStore();
        this.thaw = thaw;
        // Two belts: the version's chunks stay known to H2, so their space is not free; and as long as no space is
        // reused, H2
        // does not move them either.
        this.usage = store.registerVersionUsage();
        file.executeFileStoreOperation(() -> {
            end = file.size();
            file.readFully((SFChunk) null, 0, HEADER_BYTES).get(header);
        });
    }

    long bytes() {
        return end;
    }

    /** The next piece from a position, at most {@code limit} bytes; empty at the end. */
    ByteBuffer read(long position, int limit) throws IOException {
        if (position < HEADER_BYTES) {
            return ByteBuffer.wrap(header, (int) position, HEADER_BYTES - (int) position);
        }
        // What lies behind everything that is needed may be cut off meanwhile.
        long left = Math.min(end, file.size()) - position;
        if (left <= 0) {
            return ByteBuffer.allocate(0);
        }
        try {
            return file.readFully((SFChunk) null, position, (int) Math.min(left, limit));
        } catch (MVStoreException failed) {
            if (file.size() < position + Math.min(left, limit)) {
                throw new EOFException("the database's file was cut off while it was copied");
            }
            throw new IOException(failed);
        }
    }

    @Override
    public void close() {
        thaw.run();
        if (!store.isClosed()) {
            store.deregisterVersionUsage(usage);
        }
    }
}
