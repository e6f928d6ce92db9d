package dev.patchbay.hub.plugin;

import dev.patchbay.hub.plugin.PluginStatus.State;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file in a plugins folder and what became of it. Changed by one thread at a time; {@link #status} is safe for many. */
final class PluginEntry {
    private static final Logger log = LoggerFactory.getLogger(PluginEntry.class);

    private final Path file;
    private final boolean isShipped;
    private @Nullable FileMark mark;
    private @Nullable LoadedPlugin plugin;
    private LoadedPlugin.@Nullable Offer offer;

    /** Refused only because another plugin is in its way, so that it may be tried again when that one has gone. */
    private boolean givesWay;

    private volatile PluginStatus status;

    PluginEntry(Path file, boolean isShipped) {
        this.file = file;
        this.isShipped = isShipped;
        String name = file.getFileName().toString();
        String id = name.substring(0, name.lastIndexOf('.'));
        status = new PluginStatus(id, "", State.REFUSED, name, List.of(), List.of(), Optional.empty());
    }

    Path file() {
        return file;
    }

    String name() {
        return status.file();
    }

    String id() {
        return status.pluginId();
    }

    boolean isShipped() {
        return isShipped;
    }

    PluginStatus status() {
        return status;
    }

    boolean isRunning() {
        return offer != null;
    }

    boolean givesWay() {
        return givesWay;
    }

    @Nullable
    LoadedPlugin plugin() {
        return plugin;
    }

    LoadedPlugin.@Nullable Offer offer() {
        return offer;
    }

    /** The file as it was when it was last looked at; null if it never was. */
    @Nullable
    FileMark mark() {
        return mark;
    }

    void seen(@Nullable FileMark now) {
        mark = now;
    }

    /** Its manifest was read. */
    void loaded(LoadedPlugin now) {
        plugin = now;
        show(now.id(), now.version(), State.STOPPED, null);
    }

    /**
     * Its channels and agents are in use.
     *
     * @param note what its operator should know nevertheless
     */
    void runs(LoadedPlugin now, LoadedPlugin.Offer brings, @Nullable String note) {
        plugin = now;
        offer = brings;
        givesWay = false;
        show(now.id(), now.version(), State.RUNNING, note);
        log.info("plugin={} version={} file={} runs", now.id(), now.version(), name());
    }

    /** Goes on running, and something is to be said about it. */
    void note(String note) {
        show(id(), status.version(), status.state(), note);
    }

    /** It is not in use; whoever says so has seen to its plugin. */
    void lost(State state, String why) {
        plugin = null;
        offer = null;
        givesWay = false;
        boolean isNews = !status.reason().equals(Optional.of(why)) || status.state() != state;
        show(id(), status.version(), state, why);
        if (isNews) {
            log.warn("plugin={} file={} state={} {}", id(), name(), state.word(), why);
        }
    }

    /** As {@link #lost}, because of another plugin. */
    void gaveWay(String why) {
        lost(State.REFUSED, why);
        givesWay = true;
    }

    /** What brings it back to how it is now, as long as its plugin stays the same. */
    Runnable snapshot() {
        PluginStatus shown = status;
        FileMark looked = mark;
        boolean gave = givesWay;
        return () -> {
            status = shown;
            mark = looked;
            givesWay = gave;
        };
    }

    void stopped() {
        plugin = null;
        show(id(), status.version(), State.STOPPED, null);
        offer = null;
    }

    private void show(String id, String version, State state, @Nullable String reason) {
        LoadedPlugin.Offer brings = offer;
        status = new PluginStatus(
                id,
                version,
                state,
                name(),
                brings == null
                        ? List.of()
                        : brings.channels().stream()
                                .map(GuardedChannelPlugin::type)
                                .toList(),
                brings == null
                        ? List.of()
                        : brings.agents().stream().map(GuardedAgentPlugin::type).toList(),
                Optional.ofNullable(reason));
    }
}
