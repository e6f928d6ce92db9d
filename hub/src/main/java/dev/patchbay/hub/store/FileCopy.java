package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes a file piece by piece, forcing as it goes: one large force at the end would hold up everybody else's. */
final class FileCopy {
    static final int PIECE = 1 << 20;
    private static final long FORCE_EVERY = 8L << 20;

    private FileCopy() {}

    /** Where pieces come from. */
    @FunctionalInterface
    interface Source {
        /** The piece at a position; empty at the end. */
        ByteBuffer read(long position, int limit) throws IOException;
    }

    /** Bytes and SHA-256 of what was copied. */
    record Copied(long bytes, String sha256) {}

    /** The target is new, and on disk when this returns. */
    static Copied copy(Source from, Path target, CopyWatch watch) throws IOException {
        MessageDigest digest = sha256();
        long position = 0;
        long unforced = 0;
        watch.written(0);
        try (FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (ByteBuffer piece = from.read(0, PIECE); piece.hasRemaining(); piece = from.read(position, PIECE)) {
                digest.update(piece.duplicate());
                int length = piece.remaining();
                while (piece.hasRemaining()) {
                    to.write(piece);
                }
                position += length;
                unforced += length;
                if (unforced >= FORCE_EVERY) {
                    to.force(false);
                    unforced = 0;
                    watch.written(position);
                }
            }
            to.force(true);
        }
        return new Copied(position, HexFormat.of().formatHex(digest.digest()));
    }

    /** The same from a file that nobody changes. */
    static Copied copy(Path from, Path target, CopyWatch watch) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
            return copy(
                    (position, limit) -> {
                        ByteBuffer piece = ByteBuffer.allocate(limit);
                        while (piece.hasRemaining() && channel.read(piece, position + piece.position()) >= 0) {
                            // Until it is full, or the file ends.
                        }
                        return piece.flip();
                    },
                    target,
                    watch);
        }
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
