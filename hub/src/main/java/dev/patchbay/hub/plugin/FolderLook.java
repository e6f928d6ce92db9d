package dev.patchbay.hub.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;

/**
 * Compares the drop-ins' folder with what is loaded, and hands over what has changed. A file that is being copied is left alone
 * until it looks the same in two looks and can be read to its end. For one thread.
 */
final class FolderLook {
    /** So long a file must not have changed. */
    static final Duration SETTLED = Duration.ofMillis(400);

    /** A file that cannot be read after this will not become better; its refusal says what is wrong. */
    static final Duration HOPELESS = Duration.ofSeconds(5);

    private final LivePlugins live;
    private final Path folder;
    private final Map<Path, Unsettled> unsettled = new HashMap<>();
    private Set<Path> before = Set.of();

    private record Unsettled(FileMark mark, Instant since) {}

    FolderLook(LivePlugins live, Path folder) {
        this.live = live;
        this.folder = folder;
    }

    /** Whether the next look should come soon. */
    boolean isUnsettled() {
        return !unsettled.isEmpty();
    }

    /**
     * Looks once. A folder that is missing or cannot be read says nothing about its plugins, which stay.
     *
     * @return files that have changed since the last look
     */
    Set<Path> look(Instant now) throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        List<Path> files = PluginHost.files(folder);
        unsettled.keySet().retainAll(files);
        var changed = new HashSet<Path>();
        for (Path file : files) {
            try {
                if (hasChanged(file, FileMark.of(file), now)) {
                    changed.add(file);
                }
            } catch (IOException gone) {
                // Between the list and now; the next look knows.
                unsettled.remove(file);
            }
        }
        // A file that is replaced by deleting and copying is missing for a moment.
        Set<Path> seen = new HashSet<>(files);
        before.stream().filter(file -> !seen.contains(file)).forEach(changed::add);
        seen.addAll(before);
        live.keepOnly(seen);
        before = Set.copyOf(files);
        return changed;
    }

    private boolean hasChanged(Path file, FileMark mark, Instant now) throws InterruptedException {
        if (live.knows(file, mark)) {
            unsettled.remove(file);
            return false;
        }
        Unsettled known = unsettled.get(file);
        if (known == null || !known.mark().equals(mark)) {
            unsettled.put(file, new Unsettled(mark, now));
            return true;
        }
        Duration age = Duration.between(known.since(), now);
        if (age.compareTo(SETTLED) >= 0 && (isWhole(file) || age.compareTo(HOPELESS) >= 0)) {
            unsettled.remove(file);
            live.found(file);
        }
        return false;
    }

    /** The directory of an archive is its end. */
    private static boolean isWhole(Path file) {
        try (var zip = new ZipFile(file.toFile())) {
            return zip.size() > 0;
        } catch (IOException partOrNone) {
            return false;
        }
    }
}
