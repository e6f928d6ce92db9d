package dev.patchbay.hub.plugin;

import dev.patchbay.hub.lane.SystemAlarm;
import dev.patchbay.hub.lane.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plugins folders with a host that runs, and users of plugins who note what they are told and refuse when the test says so. */
final class LiveFolder implements PluginUsers, AutoCloseable {
    final Path shipped;
    final Path dropIns;
    final List<PluginChange> changes = new CopyOnWriteArrayList<>();
    final LinkedBlockingQueue<PluginStatus> news = new LinkedBlockingQueue<>();
    volatile @Nullable String refusal;
    Duration startTimeout = Duration.ofSeconds(30);
    private final Path folder;
    private final SystemAlarm alarm = new SystemAlarm(Clock.systemUTC());
    private @Nullable PluginHost host;
    private @Nullable LivePlugins live;

    LiveFolder(Path folder) throws IOException {
        this.folder = folder;
        shipped = Files.createDirectories(folder.resolve("shipped"));
        dropIns = Files.createDirectories(folder.resolve("drop-ins"));
    }

    LivePlugins start() throws IOException, InterruptedException {
        var world =
                new World(Clock.systemUTC(), alarm, task -> Thread.ofVirtual().start(task), new Random(1));
        var sources = new PluginSources(
                List.of(shipped), dropIns, Optional.of(folder.resolve("work")), "0.1.0", startTimeout);
        host = PluginHost.open(sources, world);
        live = new LivePlugins(host, this);
        return live;
    }

    PluginHost host() {
        return Objects.requireNonNull(host);
    }

    PluginStatus of(String file) {
        return find(file).orElseThrow(() -> new AssertionError(file + " is not in " + host().list()));
    }

    Optional<PluginStatus> find(String file) {
        return host().list().stream().filter(each -> each.file().equals(file)).findFirst();
    }

    /** Waits, at most 20 s, for news of this file in this state. */
    PluginStatus await(String file, PluginStatus.State state) throws InterruptedException {
        while (true) {
            PluginStatus told = news.poll(20, TimeUnit.SECONDS);
            if (told == null) {
                throw new AssertionError(file + " is not " + state + " within 20 s: " + host().list());
            }
            if (told.file().equals(file) && told.state() == state) {
                return told;
            }
        }
    }

    @Override
    public void change(PluginChange change) throws PluginRefusal {
        String why = refusal;
        if (why != null) {
            throw new PluginRefusal(why);
        }
        changes.add(change);
    }

    @Override
    public void told(PluginStatus status) {
        news.add(status);
    }

    @Override
    public void close() {
        if (live != null) {
            live.close();
        }
        if (host != null) {
            host.close();
        }
        alarm.close();
    }
}
