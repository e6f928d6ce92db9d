package dev.patchbay.hub.plugin;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what lies in the plugins folders and starts it, every plugin apart from the others: what one of them does wrong costs only
 * itself and is told in {@link #list}. Safe for many threads.
 */
public final class PluginHost implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PluginHost.class);

    /** Ids of the plugins that come with the hub, and names of their channels: nobody else may take them. */
    public static final Set<String> SHIPPED = Set.of("telegram", "discord", "webhook", "cli");

    /** First segments that the hub's own doors use. */
    private static final Set<String> TAKEN_PATHS = Set.of("rpc", "ws", "v1", "health", "api", "metrics", "assets");

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int FILES_MAX = 200;

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, ChannelPlugin> channels = new LinkedHashMap<>();
    private final Map<String, AgentPlugin> agents = new LinkedHashMap<>();
    private final World world;

    /** Goes with this host. */
    private @Nullable Path temporary;

    /** A file and what became of it. Written while opening and closing, by one thread at a time. */
    private static final class Entry {
        private final Path file;
        private final boolean shipped;
        private @Nullable LoadedPlugin plugin;
        private LoadedPlugin.@Nullable Offer offer;
        private String id;
        private String version = "";
        private State state = State.REFUSED;
        private @Nullable String reason;

        Entry(Path file, boolean shipped) {
            this.file = file;
            this.shipped = shipped;
            String name = name();
            this.id = name.substring(0, name.lastIndexOf('.'));
        }

        String name() {
            return file.getFileName().toString();
        }

        void lost(State as, String why) {
            state = as;
            reason = why;
            log.warn("plugin={} file={} state={} {}", id, name(), as.word(), why);
        }
    }

    private PluginHost(World world) {
        this.world = world;
    }

    /**
     * Loads and starts everything; returns when each plugin runs or is known not to, at the latest after the start timeout.
     *
     * @throws IOException if a folder cannot be read or the work folder cannot be written; a plugin's own trouble is none
     */
    public static PluginHost open(PluginSources sources, World world) throws IOException, InterruptedException {
        var host = new PluginHost(world);
        for (Path folder : sources.shipped()) {
            host.find(folder, true);
        }
        host.find(sources.dropIns(), false);
        host.load(sources.work().isPresent() ? sources.work().get() : host.temporary(), sources.apiVersion());
        host.keepOnePerId();
        host.start(sources.startTimeout());
        host.keepOnePerName();
        host.entries.stream()
                .filter(entry -> entry.state == State.RUNNING)
                .forEach(entry -> log.info("plugin={} version={} file={} runs", entry.id, entry.version, entry.name()));
        return host;
    }

    /** Every file that was found, the shipped ones first. */
    public synchronized List<PluginStatus> list() {
        return entries.stream()
                .map(entry -> new PluginStatus(
                        entry.id,
                        entry.version,
                        entry.state,
                        entry.name(),
                        entry.offer == null
                                ? List.of()
                                : entry.offer.channels().stream()
                                        .map(GuardedChannelPlugin::type)
                                        .toList(),
                        entry.offer == null
                                ? List.of()
                                : entry.offer.agents().stream()
                                        .map(GuardedAgentPlugin::type)
                                        .toList(),
                        Optional.ofNullable(entry.reason)))
                .toList();
    }

    /** By channel name. They may be used by many threads, and throw whatever the plugin throws. */
    public Map<String, ChannelPlugin> channelPlugins() {
        return Collections.unmodifiableMap(channels);
    }

    /** By type of agent; as {@link #channelPlugins}. */
    public Map<String, AgentPlugin> agentPlugins() {
        return Collections.unmodifiableMap(agents);
    }

    /** Stops and unloads all plugins side by side, at most ten seconds. What they opened must have been closed before. */
    @Override
    public synchronized void close() {
        try {
            forEach(
                    entries.stream()
                            .filter(entry -> entry.state == State.RUNNING)
                            .toList(),
                    entry -> {
                        entry.state = State.STOPPED;
                        stop(entry);
                    });
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

    private void find(Path folder, boolean shipped) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(PluginHost::isPlugin).sorted().toList();
            found.stream().limit(FILES_MAX).forEach(file -> entries.add(new Entry(file, shipped)));
            if (found.size() > FILES_MAX) {
                log.warn("{} holds more than {} plugins: the rest is left out", folder, FILES_MAX);
            }
        }
    }

    private static boolean isPlugin(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".jar") || name.endsWith(".zip")) && Files.isRegularFile(file);
    }

    private Path temporary() throws IOException {
        temporary = Files.createTempDirectory("patchbay-plugins");
        return temporary;
    }

    private void load(Path work, String apiVersion) throws IOException {
        var stage = new PluginStage(work);
        for (Entry entry : entries) {
            try {
                var plugin = LoadedPlugin.load(stage.stage(entry.file), apiVersion);
                entry.id = plugin.id();
                entry.version = plugin.version();
                entry.plugin = plugin;
            } catch (PluginRefusal refusal) {
                entry.lost(State.REFUSED, String.valueOf(refusal.getMessage()));
            } catch (IOException | RuntimeException | LinkageError unreadable) {
                entry.lost(State.REFUSED, "it cannot be read: " + PluginFault.describe(unreadable));
            }
        }
        stage.sweep();
    }

    /** Of several versions of a drop-in the newest counts; ids of the distribution are not to be had. */
    private void keepOnePerId() {
        var chosen = new LinkedHashMap<String, Entry>();
        for (Entry entry : entries) {
            LoadedPlugin plugin = entry.plugin;
            if (plugin == null) {
                continue;
            }
            Entry other = chosen.get(entry.id);
            if (!entry.shipped && (SHIPPED.contains(entry.id) || (other != null && other.shipped))) {
                drop(
                        entry,
                        "the id " + entry.id + " belongs to a plugin of the distribution: choose another Plugin-Id");
            } else if (other == null || other.plugin == null) {
                chosen.put(entry.id, entry);
            } else if (plugin.isNewerThan(other.plugin)) {
                chosen.put(entry.id, entry);
                drop(other, "a newer version of it lies beside it: " + entry.name());
            } else {
                drop(entry, "the same plugin lies beside it, not older: " + other.name());
            }
        }
    }

    private void start(Duration limit) throws InterruptedException {
        forEach(entries.stream().filter(entry -> entry.plugin != null).toList(), entry -> start(entry, limit));
    }

    private void start(Entry entry, Duration limit) throws InterruptedException {
        LoadedPlugin plugin = entry.plugin;
        if (plugin == null) {
            return;
        }
        try {
            entry.offer = calls(plugin).call("start", limit, plugin::start, late -> plugin.stop());
            entry.state = State.RUNNING;
        } catch (PluginFault fault) {
            if (fault.getCause() instanceof PluginRefusal refusal) {
                entry.lost(State.REFUSED, String.valueOf(refusal.getMessage()));
            } else {
                log.warn("plugin={} failed to start: {}", entry.id, fault.trace(words -> words));
                entry.lost(State.FAILED, String.valueOf(fault.getMessage()));
            }
            if (!fault.isLate()) {
                stop(entry);
            }
        }
    }

    /** Channels, agents and paths belong to the first who claims them; the distribution comes first. */
    private void keepOnePerName() throws InterruptedException {
        var paths = new LinkedHashMap<String, String>();
        for (Entry entry : entries) {
            LoadedPlugin.Offer offer = entry.offer;
            if (offer == null) {
                continue;
            }
            String taken = taken(entry, offer, paths);
            if (taken != null) {
                stop(entry);
                entry.offer = null;
                entry.lost(State.REFUSED, taken);
                continue;
            }
            for (GuardedChannelPlugin each : offer.channels()) {
                channels.put(each.type(), each);
                each.httpPath().ifPresent(path -> paths.put(path, entry.id));
            }
            offer.agents().forEach(each -> agents.put(each.type(), each));
        }
    }

    private @Nullable String taken(Entry entry, LoadedPlugin.Offer offer, Map<String, String> paths) {
        for (GuardedChannelPlugin each : offer.channels()) {
            if (channels.containsKey(each.type()) || (!entry.shipped && SHIPPED.contains(each.type()))) {
                return "the channel " + each.type() + " is offered by another plugin: choose another type";
            }
            String path = each.httpPath().orElse(null);
            if (path != null && (paths.containsKey(path) || TAKEN_PATHS.contains(path))) {
                return "the path /" + path + " is taken: choose another httpPath";
            }
        }
        for (GuardedAgentPlugin each : offer.agents()) {
            if (agents.containsKey(each.type())) {
                return "the agent type " + each.type() + " is offered by another plugin: choose another type";
            }
        }
        return null;
    }

    private void drop(Entry entry, String why) {
        if (entry.plugin != null) {
            // Nothing of it has run: this only closes the class loader.
            entry.plugin.stop();
            entry.plugin = null;
        }
        entry.lost(State.REFUSED, why);
    }

    private void stop(Entry entry) throws InterruptedException {
        LoadedPlugin plugin = entry.plugin;
        if (plugin == null) {
            return;
        }
        try {
            calls(plugin).call("stop", STOP_LIMIT, () -> {
                plugin.stop();
                return true;
            });
        } catch (PluginFault fault) {
            log.warn("plugin={} did not stop well: {}", entry.id, fault.getMessage());
        }
        entry.plugin = null;
    }

    private PluginCalls calls(LoadedPlugin plugin) {
        var source = new PluginCalls.Source(plugin.id(), plugin.origin(), world.clock(), world.alarm());
        return new PluginCalls(source, PluginCalls.platformThreads());
    }

    private interface Step {
        void run(Entry entry) throws InterruptedException;
    }

    /** Side by side, because each may take until its time limit. */
    private void forEach(List<Entry> all, Step step) throws InterruptedException {
        var done = new CountDownLatch(all.size());
        for (Entry entry : all) {
            world.threads().execute(() -> {
                try {
                    step.run(entry);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
    }
}
