package dev.patchbay.hub.plugin;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Copies of plugin files in a folder of the hub's own, zips unpacked. The originals may be read-only, shared by several hubs, or
 * replaced while the hub runs, which would break open jars. A copy is named after its content and used again by the next
 * start; while it is in use, the same content gets one more, because two class loaders that share a jar close it for each other.
 * Staging is for one thread at a time, discarding for many.
 */
final class PluginStage {
    static final int ENTRIES_MAX = 10_000;
    static final long BYTES_MAX = 512L << 20;
    private static final int NAME_MAX = 512;

    /** Only such folders are ever deleted. */
    private static final Pattern OURS = Pattern.compile("[A-Za-z0-9._-]{1,100}-[0-9a-f]{16}(-\\d{1,6})?(\\.new)?");

    private final Path work;
    private final FailPoints failPoints;
    private final Set<Path> used = ConcurrentHashMap.newKeySet();

    /**
     * A copy.
     *
     * @param path a jar, or the folder that a zip was unpacked into
     * @param folder holds it and nothing else
     * @param fingerprint the same for the same content
     */
    record Staged(Path path, Path folder, String fingerprint) {}

    PluginStage(Path work, FailPoints failPoints) {
        this.work = work;
        this.failPoints = failPoints;
    }

    /**
     * Makes a copy, or finds one that was made before and that nobody uses.
     *
     * @throws PluginRefusal if the file is not an archive that can be used
     * @throws IOException if it cannot be read or copied
     */
    Staged stage(Path file) throws IOException, PluginRefusal {
        boolean isJar = PluginStage.isJar(file);
        if (Files.size(file) > BYTES_MAX) {
            throw tooLarge();
        }
        try (var zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
            List<ZipEntry> entries = entries(zip);
            String fingerprint = fingerprint(entries, isJar);
            Path folder = free(nameOf(file) + "-" + fingerprint);
            Path staged = isJar ? folder.resolve("plugin.jar") : folder;
            boolean whole = isJar ? isOfSize(staged, Files.size(file)) : isWhole(folder, entries);
            if (!whole) {
                Path fresh = folder.resolveSibling(folder.getFileName() + ".new");
                failPoints.reach(Place.PLUGIN_STAGE_BEFORE_COPY);
                delete(fresh);
                delete(folder);
                Files.createDirectories(fresh);
                if (isJar) {
                    Files.copy(file, fresh.resolve("plugin.jar"));
                } else {
                    unpack(zip, entries, fresh);
                }
                failPoints.reach(Place.PLUGIN_STAGE_BEFORE_MOVE);
                move(fresh, folder);
            }
            used.add(folder);
            return new Staged(staged, folder, fingerprint);
        } catch (ZipException | IllegalArgumentException broken) {
            throw new PluginRefusal(
                    "the file is no " + (isJar ? "jar" : "zip") + ", or only a part of one: copy it again");
        }
    }

    /** Deletes a copy that is in use no more. */
    void discard(Staged copy) throws IOException {
        failPoints.reach(Place.PLUGIN_STAGE_BEFORE_DELETE);
        delete(copy.folder());
        used.remove(copy.folder());
    }

    private Path free(String name) {
        Path folder = work.resolve(name);
        for (int copy = 2; used.contains(folder); copy++) {
            folder = work.resolve(name + "-" + copy);
        }
        return folder;
    }

    /** Deletes copies that nobody uses. */
    void sweep() throws IOException {
        if (!Files.isDirectory(work)) {
            return;
        }
        List<Path> unused;
        try (Stream<Path> all = Files.list(work)) {
            unused = all.filter(
                            each -> OURS.matcher(each.getFileName().toString()).matches())
                    .filter(each -> !used.contains(each))
                    .toList();
        }
        for (Path each : unused) {
            delete(each);
        }
    }

    static boolean isJar(Path file) {
        return file.getFileName().toString().endsWith(".jar");
    }

    private static List<ZipEntry> entries(ZipFile zip) throws PluginRefusal {
        if (zip.size() > ENTRIES_MAX) {
            throw new PluginRefusal("the archive has more than " + ENTRIES_MAX
                    + " entries: a plugin holds its own classes" + " and its libraries as jars");
        }
        var entries = new ArrayList<ZipEntry>(Collections.list(zip.entries()));
        var names = new HashSet<String>();
        for (ZipEntry entry : entries) {
            String name = entry.getName();
            boolean escapes = name.isBlank()
                    || name.length() > NAME_MAX
                    || name.startsWith("/")
                    || name.indexOf('\\') >= 0
                    || name.indexOf(':') >= 0
                    || name.chars().anyMatch(Character::isISOControl)
                    || List.of(name.split("/")).contains("..");
            if (escapes) {
                throw new PluginRefusal("the archive has an entry that is no plain relative path: pack it again");
            }
            if (!names.add(name)) {
                throw new PluginRefusal("the archive has an entry twice: pack it again");
            }
        }
        return entries;
    }

    private static void unpack(ZipFile zip, List<ZipEntry> entries, Path folder) throws IOException, PluginRefusal {
        long left = BYTES_MAX;
        for (ZipEntry entry : entries) {
            Path target = folder.resolve(entry.getName()).normalize();
            if (!target.startsWith(folder)) {
                throw new PluginRefusal("the archive has an entry that leaves its folder: pack it again");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(target);
                continue;
            }
            Files.createDirectories(target.getParent());
            // Sizes in the archive may lie: what really comes out is counted.
            try (InputStream in = zip.getInputStream(entry);
                    var out = Files.newOutputStream(target)) {
                var buffer = new byte[8192];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    left -= read;
                    if (left < 0) {
                        throw tooLarge();
                    }
                    out.write(buffer, 0, read);
                }
            }
        }
    }

    /** After a power cut the folder may be there with files that are not. */
    private static boolean isWhole(Path folder, List<ZipEntry> entries) throws IOException {
        for (ZipEntry entry : entries) {
            Path file = folder.resolve(entry.getName());
            if (entry.isDirectory() ? !Files.isDirectory(file) : !isOfSize(file, entry.getSize())) {
                return false;
            }
        }
        return Files.isDirectory(folder);
    }

    private static boolean isOfSize(Path file, long size) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == size;
    }

    /** Names, sizes and checksums of all entries: as good as the content, and a hundred times faster to read. */
    private static String fingerprint(List<ZipEntry> entries, boolean isJar) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) (isJar ? 1 : 0));
            for (ZipEntry each : entries) {
                String line = each.getName() + "\n" + each.getSize() + "\n" + each.getCrc() + "\n";
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String nameOf(Path file) {
        String name = file.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_");
        return name.substring(0, Math.min(name.length(), 100));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException plainThen) {
            Files.move(from, to);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, java.io.IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static PluginRefusal tooLarge() {
        return new PluginRefusal("the archive is larger than " + (BYTES_MAX >> 20) + " MB when unpacked");
    }
}
