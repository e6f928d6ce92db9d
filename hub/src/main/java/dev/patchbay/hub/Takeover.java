package dev.patchbay.hub;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.channel.Channels;
import dev.patchbay.hub.channel.PluginSettingsCheck;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginChange;
import dev.patchbay.hub.plugin.PluginRefusal;
import dev.patchbay.hub.plugin.PluginStatus;
import dev.patchbay.hub.plugin.PluginUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** Lets agents and channels go over to what a plugin offers now: all of them, or none. */
final class Takeover implements PluginUsers {
    /** A turn may last a day; a change of plugins may not. */
    private static final Duration TURNS_END = Duration.ofSeconds(30);

    private final LoadedConfig loaded;
    private final Agents agents;
    private final Channels channels;
    private final Events events;
    private final World world;

    Takeover(LoadedConfig loaded, Agents agents, Channels channels, Events events, World world) {
        this.loaded = loaded;
        this.agents = agents;
        this.channels = channels;
        this.events = events;
        this.world = world;
    }

    @Override
    public void change(PluginChange change) throws PluginRefusal, InterruptedException {
        refuseWrongSettings(change);
        Agents.Replacement replacement;
        try {
            replacement = agents.replace(change.agents(), change.agentsGone());
        } catch (AgentFailed trouble) {
            throw new PluginRefusal(String.valueOf(trouble.getMessage()));
        }
        boolean isOver = false;
        try {
            channels.handOver(change.channels(), change.channelsGone());
            isOver = true;
        } finally {
            if (!isOver) {
                replacement.discard();
            }
        }
        replacement.take(TURNS_END);
    }

    @Override
    public void told(PluginStatus status) {
        var fields = new HashMap<String, String>();
        fields.put("plugin_id", status.pluginId());
        fields.put("version", status.version());
        fields.put("state", status.state().word());
        fields.put("file", status.file());
        status.reason().ifPresent(reason -> fields.put("reason", reason));
        events.publishPassing("plugin.state", null, null, fields);
    }

    /** What would keep the hub from starting keeps a plugin from coming in. */
    private void refuseWrongSettings(PluginChange change) throws PluginRefusal {
        var check = new PluginSettingsCheck(
                change.channels(),
                change.agents(),
                world,
                loaded.config().plugins().startTimeout());
        List<Problem> problems = new ArrayList<>();
        for (ChannelPlugin plugin : change.channels().values()) {
            ChannelConfig configured = loaded.config().channels().get(plugin.type());
            if (configured != null) {
                problems.addAll(check.channel(configured, loaded.places()));
            }
        }
        for (AgentConfig agent : loaded.config().agents().values()) {
            if (change.agents().containsKey(agent.type())) {
                problems.addAll(check.agent(agent, loaded.places()));
            }
        }
        Problem first = problems.stream().filter(Problem::isError).findFirst().orElse(null);
        if (first != null) {
            throw new PluginRefusal("the configuration does not fit it: " + first);
        }
    }
}
