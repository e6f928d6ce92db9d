package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;

/** A secret that the hub makes for itself once and keeps beside the data, readable by its owner only. */
public final class SecretFile {
    private static final int RANDOM_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private SecretFile() {}

    /**
     * The secret of an earlier start, or a new one. Called while the data folder is locked.
     *
     * @param file holds the secret and one line break
     * @throws IOException if the file cannot be read or written, or holds no secret; the message names file and cure
     */
    public static String loadOrCreate(Path file, SecureRandom random, FailPoints failPoints) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            create(file, random, failPoints);
        }
        String secret = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!secret.matches("[A-Za-z0-9_.~+/=-]{16,512}")) {
            throw new FileSystemException(
                    file.toString(), null, "holds no token; delete it and a new one is made at the next start");
        }
        // Somebody may have copied the file about.
        if (hasPosix(file)) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
        return secret;
    }

    /** Whole or not at all: written beside, synced, then moved. */
    private static void create(Path file, SecureRandom random, FailPoints failPoints) throws IOException {
        failPoints.reach(Place.SECRET_BEFORE_CREATE);
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Path half = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(half);
        if (hasPosix(half)) {
            Files.createFile(half, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createFile(half);
        }
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
            ByteBuffer text = StandardCharsets.US_ASCII.encode(secret + "\n");
            while (text.hasRemaining()) {
                channel.write(text);
            }
            failPoints.reach(Place.SECRET_BEFORE_FORCE);
            channel.force(true);
        }
        failPoints.reach(Place.SECRET_BEFORE_MOVE);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        failPoints.reach(Place.SECRET_AFTER_MOVE);
        Folders.force(Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder"));
    }

    private static boolean hasPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
