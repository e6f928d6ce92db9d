package dev.patchbay.hub;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.hub.agent.EchoAgentPlugin;
import dev.patchbay.hub.agent.http.HttpAgentPlugin;
import dev.patchbay.hub.agent.process.ProcessAgentPlugin;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.NamedFiles;
import dev.patchbay.hub.channel.PluginSettingsCheck;
import dev.patchbay.hub.command.HubRunner.Inspection;
import dev.patchbay.hub.command.HubRunner.Plugin;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginSources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads plugins, and says of a configuration what is known only with them at hand. */
final class PluginRoom {
    private final Path home;
    private final String version;

    /**
     * The plugins of one distribution, with those that an operator adds to it.
     *
     * @param home holds {@code plugins/}
     */
    PluginRoom(Path home, String version) {
        this.home = home;
        this.version = version;
    }

    /** Loads them for a hub that is to run. */
    PluginHost open(HubConfig config, World world) throws IOException, InterruptedException {
        return open(config, Optional.of(config.hub().dataDir().resolve("plugins-work")), world);
    }

    private PluginHost open(HubConfig config, Optional<Path> work, World world)
            throws IOException, InterruptedException {
        return PluginHost.open(
                new PluginSources(
                        List.of(home.resolve("plugins")),
                        config.plugins().dir(),
                        work,
                        version.replaceFirst("-.*", ""),
                        config.plugins().startTimeout()),
                world);
    }

    /** Kinds of agents: those of plugins, and the hub's own, which nobody can displace. */
    static Map<String, AgentPlugin> agents(PluginHost plugins, AttachmentDesk files, Meters meters) {
        Map<String, AgentPlugin> kinds = new HashMap<>(plugins.agentPlugins());
        for (AgentPlugin own : List.of(
                new EchoAgentPlugin(),
                new HttpAgentPlugin(
                        Clock.systemUTC(),
                        Thread.ofVirtual().name("agent-http-", 0).factory(),
                        files),
                new ProcessAgentPlugin(files, meters, System.getenv()))) {
            kinds.put(own.type(), own);
        }
        return kinds;
    }

    /** The configuration with what plugins say of their settings. */
    static LoadedConfig checked(LoadedConfig loaded, PluginHost plugins, World world) {
        HubConfig config = loaded.config();
        var noFiles = new AttachmentDesk(Mapping.files(config), NamedFiles.NONE, world);
        return Checks.checked(
                loaded,
                new PluginSettingsCheck(
                        plugins.channelPlugins(),
                        agents(plugins, noFiles, Meters.NONE),
                        world,
                        config.plugins().startTimeout()));
    }

    /** Loads them only to look. */
    Inspection inspect(LoadedConfig loaded, World world) {
        try (PluginHost plugins = open(loaded.config(), Optional.empty(), world)) {
            var found = new ArrayList<>(checked(loaded, plugins, world).problems());
            found.removeAll(loaded.problems());
            found.addAll(Checks.programs(loaded));
            return new Inspection(
                    plugins.list().stream()
                            .map(each -> new Plugin(
                                    each.pluginId(),
                                    each.version(),
                                    each.state().word()))
                            .toList(),
                    found);
        } catch (IOException unreadable) {
            return new Inspection(
                    List.of(),
                    List.of(loaded.places()
                            .error(
                                    "plugins.dir",
                                    String.valueOf(unreadable.getMessage()),
                                    "make the folder readable and writable")));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return new Inspection(List.of(), List.of());
        }
    }
}
