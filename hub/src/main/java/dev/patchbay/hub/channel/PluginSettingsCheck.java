package dev.patchbay.hub.channel;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import dev.patchbay.api.ChannelSettings;
import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.access.AccessRules;
import dev.patchbay.hub.config.HubConfig.AgentConfig;
import dev.patchbay.hub.config.HubConfig.ChannelConfig;
import dev.patchbay.hub.config.Nearest;
import dev.patchbay.hub.config.Places;
import dev.patchbay.hub.config.PluginSchema;
import dev.patchbay.hub.config.Problem;
import dev.patchbay.hub.config.SettingsCheck;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.plugin.PluginCalls;
import dev.patchbay.hub.plugin.PluginFault;
import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Checks the sections of channels and agents with what their plugins say about them: the schemas, then the plugin's own check. A
 * plugin that fails while checking is itself a problem of that section. For one thread.
 */
public final class PluginSettingsCheck implements SettingsCheck {
    /** Of every account: whether the hub answers chat commands there, and whose it is. */
    private static final String COMMANDS = """
        { "properties": {
            "commands": { "type": "boolean", "description": "write true or false" },
            "tenant": { "type": "string", "description": "write the tenant's name" } } }
        """;

    private final Map<String, ChannelPlugin> channels;
    private final Map<String, AgentPlugin> agents;
    private final World world;
    private final Duration limit;

    /**
     * @param agents built-in ones too
     * @param limit for one question to a plugin
     */
    public PluginSettingsCheck(
            Map<String, ChannelPlugin> channels, Map<String, AgentPlugin> agents, World world, Duration limit) {
        this.channels = Map.copyOf(channels);
        this.agents = Map.copyOf(agents);
        this.world = world;
        this.limit = limit;
    }

    @Override
    public List<Problem> agent(AgentConfig agent, Places places) {
        String key = SettingsCheck.keyOf(agent);
        AgentPlugin plugin = agents.get(agent.type());
        if (plugin == null) {
            return List.of(places.error(
                    key + ".type",
                    "nobody offers agents of type " + places.quoted(key + ".type", agent.type()),
                    "take one of "
                            + String.join(
                                    ", ", agents.keySet().stream().sorted().toList()) + ", or add the plugin"));
        }
        List<Problem> bySchema = PluginSchema.of(plugin.settingsSchema()).check(agent.settings(), key, places);
        return both(bySchema, plugin, key, places, () -> plugin.check(agent.settings()));
    }

    @Override
    public List<Problem> channel(ChannelConfig channel, Places places) {
        String key = SettingsCheck.keyOf(channel);
        ChannelPlugin plugin = channels.get(channel.name());
        if (plugin == null) {
            return unknown(channel, key, places);
        }
        List<Problem> bySchema = PluginSchema.of(plugin.channelSchema()).check(channel.shared(), key, places);
        var problems = new ArrayList<>(both(bySchema, plugin, key, places, () -> plugin.checkShared(channel.shared())));
        PluginSchema schema = accountSchema(plugin);
        channel.accounts().forEach((id, account) -> {
            String section = SettingsCheck.keyOf(channel, id);
            if (plugin.meetsStrangers()) {
                AccessRules.of(channel.name(), id, account)
                        .futile()
                        .forEach(each ->
                                problems.add(places.warning(section + "." + each.key(), each.message(), each.cure())));
            }
            problems.addAll(both(
                    schema.check(account, section, places),
                    plugin,
                    section,
                    places,
                    () -> check(plugin, channel, id, account)));
        });
        return problems;
    }

    /** What the plugin takes, and what the hub takes in its stead. */
    private static PluginSchema accountSchema(ChannelPlugin plugin) {
        PluginSchema own = PluginSchema.of(plugin.accountSchema());
        PluginSchema withCommands = own.names("commands") ? own : own.with(PluginSchema.of(COMMANDS));
        return plugin.meetsStrangers() ? withCommands.with(PluginSchema.of(AccessRules.SCHEMA)) : withCommands;
    }

    /** A slip of the finger must not switch a channel off quietly; any other name may be that of a plugin yet to come. */
    private List<Problem> unknown(ChannelConfig channel, String key, Places places) {
        if (channel.accounts().values().stream()
                .allMatch(account -> Channels.isUnusedWithoutPlugin(channel.name(), account))) {
            return List.of();
        }
        String what = "no plugin offers channel " + channel.name();
        var known = new TreeSet<>(channels.keySet());
        known.addAll(PluginHost.SHIPPED);
        return List.of(Optional.of(channel.name())
                .filter(name -> !known.contains(name))
                .flatMap(name -> Nearest.to(name, known))
                .map(nearest -> places.error(key, what, "did you mean " + nearest + "?"))
                .orElseGet(() -> places.warning(
                        key, what, "correct the name, put the plugin into plugins.dir, or remove the section")));
    }

    private static List<SettingProblem> check(
            ChannelPlugin plugin, ChannelConfig channel, String id, Settings account) {
        var settings = new ChannelSettings(channel.name(), id, account, channel.shared());
        // What lacks its token on purpose is not in use: nothing about it can be wrong yet.
        return plugin.isConfigured(settings) ? plugin.check(settings) : List.of();
    }

    /** What the schema found and what the plugin says beyond it; of two words about the same key the schema's. */
    private List<Problem> both(
            List<Problem> bySchema,
            Object plugin,
            String section,
            Places places,
            Callable<List<SettingProblem>> question) {
        var problems = new ArrayList<>(bySchema);
        Set<String> keys = bySchema.stream().map(Problem::key).collect(Collectors.toSet());
        asked(plugin, section, places, question, !bySchema.isEmpty()).stream()
                .filter(problem -> !keys.contains(problem.key()))
                .forEach(problems::add);
        return problems;
    }

    /**
     * @param hasProblems the plugin gets what its schema does not allow, and may well stumble over it
     */
    private List<Problem> asked(
            Object plugin,
            String section,
            Places places,
            Callable<List<SettingProblem>> question,
            boolean hasProblems) {
        PluginOrigin origin = PluginOrigin.of(plugin);
        var source = new PluginCalls.Source(origin.pluginId(), origin, world.clock(), world.alarm());
        try {
            List<SettingProblem> problems = new PluginCalls(source, PluginCalls.platformThreads())
                    .call("check", limit, () -> List.copyOf(question.call()));
            return places.located(section, problems);
        } catch (PluginFault fault) {
            if (hasProblems && !fault.isLate()) {
                return List.of();
            }
            // Without its message: a plugin that stumbles over a value may well quote it.
            String kind = fault.getCause() == null
                    ? "it did not answer"
                    : fault.getCause().getClass().getSimpleName();
            return List.of(places.error(
                    section,
                    "the plugin failed to check this (" + kind + ")",
                    "tell the plugin's author, or correct it"));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
