package dev.patchbay.hub.attachment;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A file on its way in: bounded, hashed while it is written, and gone when it is closed unless it has been taken over. For one
 * thread.
 */
final class Spool implements AutoCloseable {
    private static final int PIECE = 64 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final AttachmentId id;
    private final long bytes;
    private final FailPoints failPoints;
    private boolean handedOver;

    /** Looks whether the disk takes so many more bytes. */
    @FunctionalInterface
    interface Room {
        void claim(long bytes) throws Trouble, IOException;
    }

    /** Why a file did not come in. */
    static final class Trouble extends Exception {
        private static final long serialVersionUID = 1L;
        private final Kind kind;

        /** The kinds. */
        enum Kind {
            TOO_LARGE,
            /** The disk, or our share of it, is full. */
            FULL,
            /** It broke off where it came from. */
            SOURCE,
            DISK
        }

        Trouble(Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }

        Kind kind() {
            return kind;
        }
    }

    private Spool(Path file, FileChannel channel, AttachmentId id, long bytes, FailPoints failPoints) {
        this.file = file;
        this.channel = channel;
        this.id = id;
        this.bytes = bytes;
        this.failPoints = failPoints;
    }

    /**
     * Reads a source to its end.
     *
     * @param file is made; nothing may be there
     * @param content not closed
     */
    static Spool of(Path file, InputStream content, long bytesMax, Room room, FailPoints failPoints)
            throws Trouble, InterruptedException {
        FileChannel channel = null;
        boolean whole = false;
        try {
            room.claim(0);
            failPoints.reach(Place.FILE_BEFORE_WRITE);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
            MessageDigest digest = sha256();
            byte[] piece = new byte[PIECE];
            long bytes = 0;
            for (int count = next(content, piece); count >= 0; count = next(content, piece)) {
                bytes += count;
                if (bytes > bytesMax) {
                    throw new Trouble(Trouble.Kind.TOO_LARGE, "the file is larger than " + bytesMax + " bytes");
                }
                room.claim(count);
                digest.update(piece, 0, count);
                ByteBuffer rest = ByteBuffer.wrap(piece, 0, count);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            whole = true;
            return new Spool(
                    file, channel, new AttachmentId(HexFormat.of().formatHex(digest.digest())), bytes, failPoints);
        } catch (IOException disk) {
            stopIfInterrupted();
            throw new Trouble(Trouble.Kind.DISK, "the disk does not take it: " + disk.getMessage());
        } finally {
            if (!whole) {
                remove(channel, file);
            }
        }
    }

    AttachmentId id() {
        return id;
    }

    long bytes() {
        return bytes;
    }

    /** Syncs it and gives it its place, over what is there: the same content. The caller syncs the folder. */
    void moveTo(Path target, Instant lastUse) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(lastUse));
        failPoints.reach(Place.FILE_BEFORE_FORCE);
        channel.force(true);
        failPoints.reach(Place.FILE_BEFORE_MOVE);
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        handedOver = true;
        channel.close();
    }

    /** The content from its start, to be read once; the file goes when the stream is closed. Takes the place of {@link #close()}. */
    InputStream content() throws IOException {
        channel.position(0);
        handedOver = true;
        return new FilterInputStream(Channels.newInputStream(channel)) {
            @Override
            public void close() {
                remove(channel, file);
            }
        };
    }

    /** Removes it unless it has been taken over. */
    @Override
    public void close() {
        if (!handedOver) {
            remove(channel, file);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** File channels answer an interrupt by closing; blocking streams by an exception of their own, with the flag set. */
    static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while a file was read or written");
        }
    }

    private static int next(InputStream content, byte[] piece) throws Trouble, InterruptedException {
        try {
            return content.read(piece);
        } catch (IOException broken) {
            stopIfInterrupted();
            throw new Trouble(Trouble.Kind.SOURCE, "the file broke off");
        }
    }

    private static void remove(@org.jspecify.annotations.Nullable FileChannel channel, Path file) {
        try {
            if (channel != null) {
                channel.close();
            }
            Files.deleteIfExists(file);
        } catch (IOException leftOver) {
            // The next start sweeps it away.
        }
    }
}
