package dev.patchbay.hub.plugin;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.lane.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings single plugins to life and to their end, each step bounded. Loading is for one thread at a time, the rest safe for many
 * threads.
 */
final class PluginRunner {
    private static final Logger log = LoggerFactory.getLogger(PluginRunner.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final PluginStage stage;
    private final String apiVersion;
    private final Duration startTimeout;
    private final World world;

    /** Started, and not stopped yet. */
    private final Set<LoadedPlugin> started = ConcurrentHashMap.newKeySet();

    interface Step<T> {
        void run(T each) throws InterruptedException;
    }

    PluginRunner(PluginStage stage, String apiVersion, Duration startTimeout, World world) {
        this.stage = stage;
        this.apiVersion = apiVersion;
        this.startTimeout = startTimeout;
        this.world = world;
    }

    /**
     * Makes a copy of the file and a class loader for it; no code of the plugin runs.
     *
     * @throws PluginRefusal if it is not a plugin, or not for this hub
     */
    LoadedPlugin load(Path file) throws PluginRefusal {
        try {
            PluginStage.Staged copy = stage.stage(file);
            try {
                return LoadedPlugin.load(copy, apiVersion);
            } catch (PluginRefusal | RuntimeException | Error refused) {
                discard(copy);
                throw refused;
            }
        } catch (IOException | RuntimeException | LinkageError unreadable) {
            throw new PluginRefusal("it cannot be read: " + PluginFault.describe(unreadable));
        }
    }

    FailPoints failPoints() {
        return world.failPoints();
    }

    /** Deletes copies of files that were not loaded. */
    void sweep() throws IOException {
        stage.sweep();
    }

    /** Gives up a plugin that was not started. */
    void discard(LoadedPlugin plugin) {
        plugin.stop();
        discard(plugin.copy());
    }

    /**
     * Starts a plugin and asks it what it brings; within the start timeout. One that fails is stopped again.
     *
     * @throws PluginFault with a {@link PluginRefusal} as its cause if the plugin is not what it has to be
     */
    LoadedPlugin.Offer start(LoadedPlugin plugin) throws PluginFault, InterruptedException {
        started.add(plugin);
        try {
            return calls(plugin).call("start", startTimeout, plugin::start, late -> plugin.stop());
        } catch (PluginFault fault) {
            if (!(fault.getCause() instanceof PluginRefusal)) {
                log.warn("plugin={} failed to start: {}", plugin.id(), fault.trace(words -> words));
            }
            if (fault.isLate()) {
                // Its thread may be anywhere: neither the class loader nor the copy can be taken from it.
                started.remove(plugin);
            } else {
                retire(plugin);
            }
            throw fault;
        }
    }

    /**
     * Stops a plugin that nobody uses any more, unloads it and deletes its copy; about ten seconds at most.
     *
     * @return names of the threads that it has left running
     */
    List<String> retire(LoadedPlugin plugin) throws InterruptedException {
        ClassLoader loader = plugin.origin().loader();
        stop(plugin);
        discard(plugin.copy());
        List<String> left = LeftThreads.of(loader);
        if (!left.isEmpty()) {
            log.warn(
                    "plugin={} version={} left {} threads running: {}",
                    plugin.id(),
                    plugin.version(),
                    left.size(),
                    String.join(", ", left));
        }
        return left;
    }

    /** Stops all plugins side by side; about ten seconds at most. Their copies stay for the next start. */
    void stopAll() throws InterruptedException {
        forEach(List.copyOf(started), this::stop);
    }

    /** Side by side, because each may take until its time limit. */
    <T> void forEach(Collection<T> all, Step<T> step) throws InterruptedException {
        var done = new CountDownLatch(all.size());
        for (T each : all) {
            world.threads().execute(() -> {
                try {
                    step.run(each);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    private void stop(LoadedPlugin plugin) throws InterruptedException {
        try {
            calls(plugin).call("stop", STOP_LIMIT, () -> {
                plugin.stop();
                return true;
            });
        } catch (PluginFault fault) {
            log.warn("plugin={} did not stop well: {}", plugin.id(), fault.getMessage());
        }
        started.remove(plugin);
    }

    private void discard(PluginStage.Staged copy) {
        try {
            stage.discard(copy);
        } catch (IOException left) {
            log.warn("{} stays until the next start: {}", copy.folder(), PluginFault.describe(left));
        }
    }

    private PluginCalls calls(LoadedPlugin plugin) {
        var source = new PluginCalls.Source(plugin.id(), plugin.origin(), world.clock(), world.alarm());
        return new PluginCalls(source, PluginCalls.platformThreads());
    }
}
