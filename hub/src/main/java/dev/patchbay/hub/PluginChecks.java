package dev.patchbay.hub;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.config.Places;
import dev.patchbay.hub.config.PluginSchema;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.SettingsCheck;
import dev.patchbay.hub.routing.BindingProblem;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.IdentityLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Asks those who understand them what is wrong with the sections of agents, channels and bindings. */
final class PluginChecks implements SettingsCheck {
    /** Shipped later or elsewhere: configured without a token they are only not configured. */
    private static final Set<String> MAY_BE_ABSENT = Set.of("telegram", "discord");

    private final Map<String, AgentPlugin> agents;
    private final Map<String, ChannelPlugin> channels;

    PluginChecks(Map<String, AgentPlugin> agents, Map<String, ChannelPlugin> channels) {
        this.agents = agents;
        this.channels = channels;
    }

    /** The configuration with everything that plugins and routing say about it. */
    static LoadedConfig checked(LoadedConfig loaded, SettingsCheck plugins) {
        return loaded.checkedBy(plugins).with(bindings(loaded));
    }

    /** The rules of the file; those with errors are not in it. */
    static BindingTable table(LoadedConfig loaded) {
        var bindings = loaded.config().bindings();
        return BindingTable.parse(
                bindings.rules(),
                loaded.config().agents().keySet(),
                index -> index < bindings.places().size() ? bindings.places().get(index) : "bindings");
    }

    @Override
    public List<Problem> agent(AgentConfig agent, Places places) {
        AgentPlugin plugin = agents.get(agent.type());
        String key = SettingsCheck.keyOf(agent);
        if (plugin == null) {
            return List.of(places.error(
                    key + ".type",
                    places.quoted(key + ".type", agent.type()) + " is no kind of agent",
                    "write one of " + String.join(", ", new TreeSet<>(agents.keySet()))));
        }
        var problems = new ArrayList<>(schema(plugin.settingsSchema(), agent.settings(), key, places));
        if (problems.isEmpty()) {
            problems.addAll(places.located(key, plugin.check(agent.settings())));
        }
        return problems;
    }

    @Override
    public List<Problem> channel(ChannelConfig channel, Places places) {
        ChannelPlugin plugin = channels.get(channel.name());
        String key = SettingsCheck.keyOf(channel);
        if (plugin == null) {
            return MAY_BE_ABSENT.contains(channel.name())
                    ? List.of()
                    : List.of(places.warning(
                            key,
                            "no plugin offers this channel",
                            "put its jar into plugins.dir, or write one of "
                                    + String.join(", ", new TreeSet<>(channels.keySet()))));
        }
        var problems = new ArrayList<>(schema(plugin.channelSchema(), channel.shared(), key, places));
        for (Map.Entry<String, Settings> each : channel.accounts().entrySet()) {
            String account = SettingsCheck.keyOf(channel, each.getKey());
            List<Problem> found = schema(plugin.accountSchema(), each.getValue(), account, places);
            problems.addAll(found);
            if (found.isEmpty()) {
                problems.addAll(places.located(
                        account,
                        plugin.check(new ChannelSettings(
                                channel.name(), each.getKey(), each.getValue(), channel.shared()))));
            }
        }
        return problems;
    }

    private static List<Problem> schema(String schema, Settings settings, String key, Places places) {
        return PluginSchema.of(schema).check(settings, key, places);
    }

    private static List<Problem> bindings(LoadedConfig loaded) {
        var problems = new ArrayList<Problem>();
        for (BindingProblem each : table(loaded).problems()) {
            problems.add(
                    each.isError()
                            ? Problem.error(each.place(), each.key(), each.message(), each.cure())
                            : Problem.warning(each.place(), each.key(), each.message(), each.cure()));
        }
        IdentityLinks.parse(loaded.config().sessions().identityLinks(), (name, wrong) -> problems.add(
                loaded.places().error("sessions.identity-links." + name, wrong, "a person's ids read CHANNEL:PEER")));
        return problems;
    }
}
