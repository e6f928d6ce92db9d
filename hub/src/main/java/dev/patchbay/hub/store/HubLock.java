package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps a second hub away from the data. Released by {@link #close} and by the end of the process, however it ends. */
final class HubLock implements AutoCloseable {

    /** A byte far behind the text, so that the text can be read where locks also keep readers away. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final FileChannel channel;

    private HubLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock in a folder, which is made if it is missing.
     *
     * @throws StoreException of kind REFUSED if another hub has it, or the folder cannot be written
     */
    static HubLock take(Path dataDir, Instant now, FailPoints failPoints) {
        Path file = dataDir.resolve("hub.lock");
        FileChannel channel;
        try {
            Folders.make(dataDir);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException cannot) {
            throw StoreException.refused(
                    "the data folder " + dataDir.toAbsolutePath() + " cannot be written",
                    "let the hub's user write there, or choose another one with hub.data-dir",
                    cannot);
        }
        try {
            if (lock(channel) == null) {
                String owner = read(channel);
                channel.close();
                throw StoreException.inUse(
                        "another hub (" + owner + ") uses the data folder " + dataDir.toAbsolutePath(),
                        "stop it, or choose another folder with hub.data-dir",
                        null);
            }
            failPoints.reach(Place.LOCK_TAKEN);
            write(channel, "pid " + ProcessHandle.current().pid() + ", since " + now + "\n");
            failPoints.reach(Place.LOCK_BEFORE_SYNC);
            Folders.force(dataDir);
            return new HubLock(channel);
        } catch (RuntimeException failure) {
            closeQuietly(channel, failure);
            throw failure;
        } catch (IOException cannot) {
            closeQuietly(channel, cannot);
            throw StoreException.refused(
                    "the lock " + file.toAbsolutePath() + " cannot be taken",
                    "choose a hub.data-dir on a disk of this machine",
                    cannot);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // The lock goes with the process at the latest.
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the lock could not be released", alreadyGone);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(200);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        channel.force(true);
    }

    private static void closeQuietly(FileChannel channel, Exception because) {
        try {
            channel.close();
        } catch (IOException second) {
            because.addSuppressed(second);
        }
    }
}
