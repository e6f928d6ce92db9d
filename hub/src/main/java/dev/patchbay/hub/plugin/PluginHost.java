package dev.patchbay.hub.plugin;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginStatus.State;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what lies in the plugins folders and starts it, every plugin apart from the others: what one of them does wrong costs only
 * itself and is told in {@link #list}. Safe for many threads. {@link LivePlugins} changes them while the hub runs.
 */
public final class PluginHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginHost.class);

    /** Ids of the plugins that come with the hub, and names of their channels: nobody else may take them. */
    public static final Set<String> SHIPPED = Set.of("telegram", "discord", "webhook", "cli", "llm");

    private static final int FILES_MAX = 200;

    private final PluginShelf shelf = new PluginShelf();
    private final PluginRunner runner;

    /** Goes with this host. */
    private final @Nullable Path temporary;

    private PluginHost(PluginRunner runner, @Nullable Path temporary) {
        this.runner = runner;
        this.temporary = temporary;
    }

    /**
     * Loads and starts everything; returns when each plugin runs or is known not to, at the latest after the start timeout.
     *
     * @throws IOException if a folder cannot be read or the work folder cannot be written; a plugin's own trouble is none
     */
    public static PluginHost open(PluginSources sources, World world) throws IOException, InterruptedException {
        // The JDK would keep every jar open in which a plugin has looked up a resource, for as long as the process
        // lives.
        URLConnection.setDefaultUseCaches("jar", false);
        @Nullable Path temporary = sources.work().isPresent() ? null : Files.createTempDirectory("patchbay-plugins");
        var stage = new PluginStage(temporary == null ? sources.work().orElseThrow() : temporary, world.failPoints());
        var runner = new PluginRunner(stage, sources.apiVersion(), sources.startTimeout(), world);
        var host = new PluginHost(runner, temporary);
        for (Path folder : sources.shipped()) {
            host.find(folder, true);
        }
        host.find(sources.dropIns(), false);
        host.load();
        host.keepOnePerId();
        host.start();
        return host;
    }

    /** Every file that was found, the shipped ones first. */
    public List<PluginStatus> list() {
        return shelf.list();
    }

    /** By channel name. They may be used by many threads, and throw whatever the plugin throws. */
    public Map<String, ChannelPlugin> channelPlugins() {
        return shelf.channelPlugins();
    }

    /** By type of agent; as {@link #channelPlugins}. */
    public Map<String, AgentPlugin> agentPlugins() {
        return shelf.agentPlugins();
    }

    /** Stops and unloads all plugins side by side, at most ten seconds. What they opened must have been closed before. */
    @Override
    public void close() {
        shelf.entries().stream().filter(PluginEntry::isRunning).forEach(PluginEntry::stopped);
        try {
            runner.stopAll();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (temporary != null) {
            try {
                PluginStage.delete(temporary);
            } catch (IOException left) {
                log.warn("{} cannot be removed: {}", temporary, PluginFault.describe(left));
            }
        }
    }

    PluginShelf shelf() {
        return shelf;
    }

    PluginRunner runner() {
        return runner;
    }

    /** Plugin files of a folder by name, at most a bound; none if there is no such folder. */
    static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(PluginHost::isPlugin).sorted().toList();
            if (found.size() > FILES_MAX) {
                log.warn("{} holds more than {} plugins: the rest is left out", folder, FILES_MAX);
            }
            return found.stream().limit(FILES_MAX).toList();
        }
    }

    static boolean isPlugin(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".jar") || name.endsWith(".zip")) && Files.isRegularFile(file);
    }

    private void find(Path folder, boolean isShipped) throws IOException {
        files(folder).forEach(file -> shelf.add(new PluginEntry(file, isShipped)));
    }

    private void load() throws IOException {
        for (PluginEntry entry : shelf.entries()) {
            try {
                entry.seen(FileMark.of(entry.file()));
                entry.loaded(runner.load(entry.file()));
            } catch (PluginRefusal refusal) {
                entry.lost(State.REFUSED, String.valueOf(refusal.getMessage()));
            } catch (IOException gone) {
                entry.lost(State.REFUSED, "it cannot be read: " + PluginFault.describe(gone));
            }
        }
        runner.sweep();
    }

    /** Of several versions of a drop-in the newest counts; ids of the distribution are not to be had. */
    private void keepOnePerId() {
        var chosen = new LinkedHashMap<String, PluginEntry>();
        for (PluginEntry entry : shelf.entries()) {
            LoadedPlugin plugin = entry.plugin();
            if (plugin == null) {
                continue;
            }
            PluginEntry other = chosen.get(entry.id());
            LoadedPlugin others = other == null ? null : other.plugin();
            if (!entry.isShipped() && (SHIPPED.contains(entry.id()) || (other != null && other.isShipped()))) {
                runner.discard(plugin);
                entry.lost(State.REFUSED, idIsTaken(entry.id()));
            } else if (other == null || others == null) {
                chosen.put(entry.id(), entry);
            } else if (plugin.isNewerThan(others)) {
                chosen.put(entry.id(), entry);
                runner.discard(others);
                other.gaveWay(newerLiesBeside(entry));
            } else {
                runner.discard(plugin);
                entry.gaveWay(sameLiesBeside(other));
            }
        }
    }

    static String idIsTaken(String id) {
        return "the id " + id + " belongs to a plugin of the distribution: choose another Plugin-Id";
    }

    static String newerLiesBeside(PluginEntry other) {
        return "a newer version of it lies beside it: " + other.name();
    }

    static String sameLiesBeside(PluginEntry other) {
        return "the same plugin lies beside it, not older: " + other.name();
    }

    private record Started(PluginEntry entry, LoadedPlugin plugin, LoadedPlugin.Offer offer) {}

    /** All side by side; then names belong to the first who claims them, and the distribution comes first. */
    private void start() throws InterruptedException {
        var offers = new ConcurrentHashMap<PluginEntry, Started>();
        List<PluginEntry> loaded =
                shelf.entries().stream().filter(each -> each.plugin() != null).toList();
        runner.forEach(loaded, entry -> {
            LoadedPlugin plugin = Objects.requireNonNull(entry.plugin());
            try {
                offers.put(entry, new Started(entry, plugin, runner.start(plugin)));
            } catch (PluginFault fault) {
                entry.lost(stateAfter(fault), reasonOf(fault));
            }
        });
        for (PluginEntry entry : loaded) {
            Started started = offers.get(entry);
            if (started == null) {
                continue;
            }
            String taken = shelf.taken(started.offer(), entry.isShipped(), null).orElse(null);
            if (taken == null) {
                entry.runs(started.plugin(), started.offer(), null);
            } else {
                runner.retire(started.plugin());
                entry.gaveWay(taken);
            }
        }
    }

    static State stateAfter(PluginFault fault) {
        return fault.getCause() instanceof PluginRefusal ? State.REFUSED : State.FAILED;
    }

    static String reasonOf(PluginFault fault) {
        return String.valueOf(
                fault.getCause() instanceof PluginRefusal refusal ? refusal.getMessage() : fault.getMessage());
    }
}
