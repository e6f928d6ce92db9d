package dev.patchbay.hub.backup;

import dev.patchbay.hub.attachment.AttachmentId;
import dev.patchbay.hub.store.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Files by their content, {@code ab/abcd…}. Those of backups are shared by all backups, and are copies of their own: a link to the
 * hub's file would share its damage. Used by one thread at a time.
 */
final class SharedFiles {
    private static final int PIECE = 1 << 20;

    private final Path root;

    SharedFiles(Path root) {
        this.root = root;
    }

    /**
     * Makes sure that a file is here, as it should be.
     *
     * @return true if it is now
     */
    boolean take(AttachmentId id, SharedFiles from, BackupFile.Watch watch) throws IOException {
        Path target = file(id);
        if (Files.exists(target)) {
            return true;
        }
        Path shelf = root.resolve(id.hex().substring(0, 2));
        Files.createDirectories(shelf);
        Path unfinished = root.resolve("unfinished");
        Files.deleteIfExists(unfinished);
        if (!from.copy(id, unfinished, watch)) {
            Files.deleteIfExists(unfinished);
            return false;
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        Folders.force(shelf);
        Folders.force(root);
        return true;
    }

    /** Whether a file is here and has the content that it is named after. */
    boolean isWhole(AttachmentId id, BackupFile.Watch watch) throws IOException {
        return digest(id, OutputStream.nullOutputStream(), watch)
                .filter(id.hex()::equals)
                .isPresent();
    }

    /** Removes what none of these names is. */
    void keepOnly(Set<AttachmentId> named) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (DirectoryStream<Path> shelves = Files.newDirectoryStream(root, "[0-9a-f][0-9a-f]")) {
            for (Path shelf : shelves) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(shelf)) {
                    for (Path file : files) {
                        Optional<AttachmentId> id =
                                AttachmentId.parse(file.getFileName().toString());
                        if (id.isPresent() && !named.contains(id.get())) {
                            Files.delete(file);
                        }
                    }
                }
            }
        }
    }

    /** Bytes of a file; 0 if it is not here. */
    long bytes(AttachmentId id) {
        try {
            return Files.size(file(id));
        } catch (IOException notHere) {
            return 0;
        }
    }

    /** Removes a file that is not what its name says. */
    void drop(AttachmentId id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    private boolean copy(AttachmentId id, Path target, BackupFile.Watch watch) throws IOException {
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            if (digest(id, out, watch).filter(id.hex()::equals).isEmpty()) {
                return false;
            }
        }
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return true;
    }

    private Optional<String> digest(AttachmentId id, OutputStream to, BackupFile.Watch watch) throws IOException {
        MessageDigest digest = BackupFile.sha256();
        try (InputStream in = Files.newInputStream(file(id))) {
            byte[] piece = new byte[PIECE];
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                digest.update(piece, 0, count);
                to.write(piece, 0, count);
                watch.bytes(count);
            }
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        return Optional.of(HexFormat.of().formatHex(digest.digest()));
    }

    private Path file(AttachmentId id) {
        return root.resolve(id.hex().substring(0, 2)).resolve(id.hex());
    }
}
