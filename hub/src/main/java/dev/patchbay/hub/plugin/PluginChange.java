package dev.patchbay.hub.plugin;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is offered from now on, new or in place of what was offered before under the same name, and what is offered no more.
 *
 * @param channels by channel name
 * @param channelsGone names of channels
 * @param agents by type
 * @param agentsGone types of agents
 */
public record PluginChange(
        Map<String, ChannelPlugin> channels,
        Set<String> channelsGone,
        Map<String, AgentPlugin> agents,
        Set<String> agentsGone) {

    public PluginChange {
        channels = Map.copyOf(channels);
        channelsGone = Set.copyOf(channelsGone);
        agents = Map.copyOf(agents);
        agentsGone = Set.copyOf(agentsGone);
    }

    static PluginChange between(LoadedPlugin.@Nullable Offer before, LoadedPlugin.@Nullable Offer after) {
        var channels = new HashMap<String, ChannelPlugin>();
        var agents = new HashMap<String, AgentPlugin>();
        if (after != null) {
            after.channels().forEach(each -> channels.put(each.type(), each));
            after.agents().forEach(each -> agents.put(each.type(), each));
        }
        var channelsGone = new HashSet<String>();
        var agentsGone = new HashSet<String>();
        if (before != null) {
            before.channels().forEach(each -> channelsGone.add(each.type()));
            before.agents().forEach(each -> agentsGone.add(each.type()));
        }
        channelsGone.removeAll(channels.keySet());
        agentsGone.removeAll(agents.keySet());
        return new PluginChange(channels, channelsGone, agents, agentsGone);
    }
}
