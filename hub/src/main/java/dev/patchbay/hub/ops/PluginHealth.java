package dev.patchbay.hub.ops;

import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginStatus;
import dev.patchbay.hub.plugin.PluginWatch;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How many plugins run, and how the plugins folder is watched. A plugin that does not run harms nobody: the accounts that lack it
 * show in {@link ChannelHealth}.
 */
public final class PluginHealth implements HealthSource {
    private final PluginHost plugins;
    private final Supplier<Optional<PluginWatch>> watch;

    /** @param watch empty if the folder is not watched */
    public PluginHealth(PluginHost plugins, Supplier<Optional<PluginWatch>> watch) {
        this.plugins = plugins;
        this.watch = watch;
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public HealthPart check() {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (PluginStatus.State state : PluginStatus.State.values()) {
            facts.put(
                    state.word(),
                    plugins.list().stream()
                            .filter(each -> each.state() == state)
                            .count());
        }
        Optional<PluginWatch> watched = watch.get();
        facts.put(
                "watcher",
                watched.map(each -> each.mode().name().toLowerCase(Locale.ROOT)).orElse("off"));
        return new HealthPart(HealthStatus.OK, watched.map(PluginWatch::trouble).orElse(""), facts);
    }
}
