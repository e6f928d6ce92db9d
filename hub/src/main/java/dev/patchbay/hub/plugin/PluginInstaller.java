package dev.patchbay.hub.plugin;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.Place;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** Brings plugin files from anywhere into the drop-ins' folder. Safe for many threads. */
public final class PluginInstaller {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,150}\\.(jar|zip)");

    private final LivePlugins live;
    private final Path folder;
    private final FailPoints failPoints;

    /** @param folder of the drop-ins; made if it is missing */
    public PluginInstaller(LivePlugins live, Path folder) {
        this.live = live;
        this.folder = folder;
        this.failPoints = live.failPoints();
    }

    /**
     * Copies a file into the folder and loads it. It is there under its own name, or, if it is refused, not at all; a version that
     * ran before goes on running then.
     *
     * @param file on the machine of the hub
     * @return the plugin as it runs now
     */
    public PluginStatus install(Path file) throws PluginRefusal, InterruptedException {
        Path fileName = file.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        if (!NAME.matcher(name).matches()) {
            throw new PluginRefusal(
                    "a plugin's file has a plain name that ends in .jar or .zip: letters, digits, . _ + and -");
        }
        Path incoming = folder.resolve("." + name);
        try {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new PluginRefusal("there is no file " + file + " that the hub may read");
            }
            if (Files.size(file) > PluginStage.BYTES_MAX) {
                throw new PluginRefusal("the file is larger than " + (PluginStage.BYTES_MAX >> 20) + " MB");
            }
            Files.createDirectories(folder);
            Path target = folder.resolve(name);
            if (Files.exists(target) && Files.isSameFile(file, target)) {
                throw new PluginRefusal("the file lies in the plugins folder already: reload the plugin instead");
            }
            failPoints.reach(Place.PLUGIN_BEFORE_COPY);
            Files.copy(file, incoming, StandardCopyOption.REPLACE_EXISTING);
            try (var copy = FileChannel.open(incoming, StandardOpenOption.WRITE)) {
                failPoints.reach(Place.PLUGIN_BEFORE_FORCE);
                copy.force(true);
            }
            failPoints.reach(Place.PLUGIN_BEFORE_LOAD);
            return live.install(incoming, target);
        } catch (IOException failed) {
            throw new PluginRefusal("it cannot be copied to " + folder + ": " + PluginFault.describe(failed));
        } finally {
            try {
                Files.deleteIfExists(incoming);
            } catch (IOException hidden) {
                // A hidden file is never loaded, and the next installation of this name replaces it.
            }
        }
    }
}
