package dev.patchbay.hub;

import dev.patchbay.hub.gateway.method.PluginDesk;
import dev.patchbay.hub.plugin.LivePlugins;
import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginInstaller;
import dev.patchbay.hub.plugin.PluginRefusal;
import dev.patchbay.hub.plugin.PluginStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Shows plugins to the doors, which know nothing of how they are kept. */
final class PluginsDesk implements PluginDesk {
    private final PluginHost plugins;
    private final LivePlugins live;
    private final PluginInstaller installer;

    PluginsDesk(PluginHost plugins, LivePlugins live, PluginInstaller installer) {
        this.plugins = plugins;
        this.live = live;
        this.installer = installer;
    }

    @Override
    public List<PluginState> plugins() {
        return plugins.list().stream().map(PluginsDesk::state).toList();
    }

    @Override
    public PluginState install(Path file) throws NotTaken, InterruptedException {
        try {
            return state(installer.install(file));
        } catch (PluginRefusal refusal) {
            throw notTaken(refusal);
        }
    }

    @Override
    public Optional<PluginState> reload(String pluginId) throws NotTaken, InterruptedException {
        try {
            return live.reload(pluginId).map(PluginsDesk::state);
        } catch (PluginRefusal refusal) {
            throw notTaken(refusal);
        }
    }

    @Override
    public boolean remove(String pluginId) throws NotTaken, InterruptedException {
        try {
            return live.remove(pluginId);
        } catch (PluginRefusal refusal) {
            throw notTaken(refusal);
        }
    }

    private static NotTaken notTaken(PluginRefusal refusal) {
        return new NotTaken(String.valueOf(refusal.getMessage()));
    }

    private static PluginState state(PluginStatus status) {
        return new PluginState(
                status.pluginId(),
                status.version(),
                status.state().word(),
                status.file(),
                status.channels(),
                status.agents(),
                status.reason());
    }
}
