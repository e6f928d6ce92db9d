package dev.patchbay.hub.failpoint;

import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.Archive;
import dev.patchbay.hub.plugin.LivePlugins;
import dev.patchbay.hub.plugin.PluginChange;
import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginInstaller;
import dev.patchbay.hub.plugin.PluginSources;
import dev.patchbay.hub.plugin.PluginStatus;
import dev.patchbay.hub.plugin.PluginUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An operator who installs a plugin, replaces it by a newer one, and removes that; each step again until it is done. */
final class Installations {
    private static final int TRIES = 5;

    private final World world;
    private final Path dropIns;
    private final Path work;
    private final Path older;
    private final Path newer;

    Installations(World world, Path folder) throws IOException {
        this.world = world;
        dropIns = Files.createDirectories(folder.resolve("drop-ins"));
        work = folder.resolve("plugins-work");
        older = packed(folder.resolve("../demo-1.0.0.jar").normalize(), "1.0.0");
        newer = packed(folder.resolve("../demo-1.1.0.jar").normalize(), "1.1.0");
    }

    void run() throws Exception {
        var sources = new PluginSources(List.of(), dropIns, Optional.of(work), "0.1.0", Duration.ofSeconds(20));
        try (PluginHost host = again(() -> PluginHost.open(sources, world));
                var live = new LivePlugins(host, nobody())) {
            var installer = new PluginInstaller(live, dropIns);
            again(() -> live.remove("demo"));
            again(() -> isThere(host, "1.0.0") || installer.install(older) != null);
            again(() -> isThere(host, "1.1.0") || installer.install(newer) != null);
            expect(isThere(host, "1.1.0"), "the newer version runs and is in the folder");
            again(() -> live.remove("demo"));
            try (Stream<Path> left = Files.list(dropIns)) {
                List<Path> visible = left.filter(
                                each -> !each.getFileName().toString().startsWith("."))
                        .toList();
                expect(visible.isEmpty(), "nothing is left in the folder: " + visible);
            }
        }
    }

    private boolean isThere(PluginHost host, String version) {
        return Files.exists(dropIns.resolve("demo-" + version + ".jar"))
                && host.list().stream()
                        .anyMatch(each -> each.state() == PluginStatus.State.RUNNING
                                && each.version().equals(version));
    }

    private interface Attempt<T> {
        T make() throws Exception;
    }

    private static <T> T again(Attempt<T> attempt) throws Exception {
        for (int i = 1; ; i++) {
            try {
                return attempt.make();
            } catch (Exception failure) {
                if (i == TRIES) {
                    throw failure;
                }
            }
        }
    }

    private static void expect(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("not so: " + what);
        }
    }

    private static Path packed(Path file, String version) throws IOException {
        return Files.exists(file)
                ? file
                : Archive.channel("demo", version, "demo").jar(file);
    }

    private static PluginUsers nobody() {
        return new PluginUsers() {
            @Override
            public void change(PluginChange change) {}

            @Override
            public void told(PluginStatus status) {}
        };
    }
}
