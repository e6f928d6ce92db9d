package dev.patchbay.hub.gateway;

import dev.patchbay.hub.gateway.rpc.Access;
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
import java.util.Set;

/** The token that the hub makes for itself when the configuration names none. */
public final class AdminToken {
    /** Beside the data; holds the token and one line break. */
    public static final String FILE = "admin-token";

    private static final int RANDOM_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private AdminToken() {}

    /**
     * The token of an earlier start, or a new one. Called while the data folder is locked.
     *
     * @throws IOException if the file cannot be read or written, or is no token; the message names file and cure
     */
    public static Token loadOrCreate(Path dataDir, SecureRandom random) throws IOException {
        Path file = dataDir.resolve(FILE);
        if (!Files.exists(file)) {
            Files.createDirectories(dataDir);
            create(file, random);
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
        return new Token("admin", secret, Set.of(Access.ADMIN));
    }

    /** Whole or not at all: written beside, synced, then moved. */
    private static void create(Path file, SecureRandom random) throws IOException {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Path half = file.resolveSibling(FILE + ".new");
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
            channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean hasPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
