package dev.patchbay.hub.backup;

import dev.patchbay.hub.attachment.AttachmentId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The file of one backup: a zip with the manifest, the names of the attachments, and the database. */
final class BackupFile {
    private static final String MANIFEST = "manifest.json";
    private static final String ATTACHMENTS = "attachments.txt";
    private static final String DATABASE = "hub.mv.db";
    private static final int MANIFEST_MAX = 1 << 20;
    private static final int PIECE = 1 << 20;
    private static final long FORCE_EVERY = 8L << 20;

    private BackupFile() {}

    /** Follows the reading or writing of many bytes; may end it. */
    @FunctionalInterface
    interface Watch {
        void bytes(long count) throws IOException;
    }

    /** Writes a whole file, which is new; it is on disk when this returns. */
    static void write(Path file, Manifest manifest, Collection<AttachmentId> names, Path database, Watch watch)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), PIECE))) {
            zip.setLevel(Deflater.BEST_SPEED);
            entry(zip, MANIFEST, manifest.write());
            entry(
                    zip,
                    ATTACHMENTS,
                    String.join("\n", names.stream().map(AttachmentId::hex).toList())
                            .getBytes(StandardCharsets.US_ASCII));
            zip.putNextEntry(new ZipEntry(DATABASE));
            try (InputStream in = Files.newInputStream(database)) {
                byte[] piece = new byte[PIECE];
                long unforced = 0;
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    zip.write(piece, 0, count);
                    unforced += count;
                    if (unforced >= FORCE_EVERY) {
                        // One large force at the end would hold up the store's.
                        channel.force(false);
                        unforced = 0;
                    }
                    watch.bytes(count);
                }
            }
            zip.closeEntry();
            zip.finish();
            zip.flush();
            channel.force(true);
        }
    }

    static Manifest manifest(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            return manifest(zip);
        }
    }

    static Set<AttachmentId> attachments(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var names = new HashSet<AttachmentId>();
            byte[] lines = whole(zip, ATTACHMENTS, Integer.MAX_VALUE);
            for (String line : new String(lines, StandardCharsets.US_ASCII).split("\n", -1)) {
                if (!line.isEmpty()) {
                    names.add(AttachmentId.parse(line)
                            .orElseThrow(() -> new IOException("its list of attachments is damaged")));
                }
            }
            return names;
        }
    }

    /** Writes the database into a new file and compares it with the manifest; the file is not forced. */
    static Manifest unpack(Path file, OutputStream to, Watch watch) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            Manifest manifest = manifest(zip);
            MessageDigest digest = sha256();
            long bytes = 0;
            try (InputStream in = zip.getInputStream(entry(zip, DATABASE))) {
                byte[] piece = new byte[PIECE];
                for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                    digest.update(piece, 0, count);
                    to.write(piece, 0, count);
                    bytes += count;
                    watch.bytes(count);
                }
            }
            if (bytes != manifest.databaseBytes()
                    || !HexFormat.of().formatHex(digest.digest()).equals(manifest.sha256())) {
                throw new IOException("the database in it is not the one that was put in");
            }
            return manifest;
        }
    }

    private static Manifest manifest(ZipFile zip) throws IOException {
        return Manifest.read(whole(zip, MANIFEST, MANIFEST_MAX));
    }

    /** What nothing else has a sum of. {@link ZipFile} knows the zip's own, and compares it with nothing. */
    private static byte[] whole(ZipFile zip, String name, int bytesMax) throws IOException {
        ZipEntry entry = entry(zip, name);
        try (var in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            byte[] content = in.readNBytes(bytesMax);
            if (in.getChecksum().getValue() != entry.getCrc()) {
                throw new IOException("its " + name + " is damaged");
            }
            return content;
        }
    }

    private static ZipEntry entry(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("there is no " + name + " in it");
        }
        return entry;
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
