package dev.patchbay.hub.plugin;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.ChannelPlugin;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All plugin files and who owns which name: the shipped ones first, then drop-ins by name. Changed by one thread at a time; {@link
 * #list} is safe for many.
 */
final class PluginShelf {

    /** First segments that the hub's own doors use. */
    private static final Set<String> TAKEN_PATHS = Set.of("rpc", "ws", "v1", "health", "api", "metrics", "assets");

    private static final Comparator<PluginEntry> ORDER =
            Comparator.comparing(PluginEntry::isShipped).reversed().thenComparing(PluginEntry::name);

    private final CopyOnWriteArrayList<PluginEntry> entries = new CopyOnWriteArrayList<>();

    List<PluginStatus> list() {
        return entries.stream().map(PluginEntry::status).toList();
    }

    List<PluginEntry> entries() {
        return List.copyOf(entries);
    }

    void add(PluginEntry entry) {
        entries.add(entry);
        entries.sort(ORDER);
    }

    void remove(PluginEntry entry) {
        entries.remove(entry);
    }

    Optional<PluginEntry> at(Path file) {
        return entries.stream().filter(each -> each.file().equals(file)).findFirst();
    }

    Stream<PluginEntry> withId(String id) {
        return entries.stream().filter(each -> each.id().equals(id));
    }

    /** Who runs under this id. */
    Optional<PluginEntry> running(String id) {
        return withId(id).filter(PluginEntry::isRunning).findFirst();
    }

    Map<String, ChannelPlugin> channelPlugins() {
        var all = new LinkedHashMap<String, ChannelPlugin>();
        offers().forEach(offer -> offer.channels().forEach(each -> all.put(each.type(), each)));
        return all;
    }

    Map<String, AgentPlugin> agentPlugins() {
        var all = new LinkedHashMap<String, AgentPlugin>();
        offers().forEach(offer -> offer.agents().forEach(each -> all.put(each.type(), each)));
        return all;
    }

    /**
     * Why an offer cannot be taken up: ids of channels, agents and paths belong to the first who claims them.
     *
     * @param isShipped whether names of the distribution's own are free to it
     * @param replaced whose names become free, if any
     */
    Optional<String> taken(LoadedPlugin.Offer offer, boolean isShipped, @Nullable PluginEntry replaced) {
        List<PluginEntry> others = entries.stream()
                .filter(PluginEntry::isRunning)
                .filter(each -> each != replaced)
                .toList();
        for (GuardedChannelPlugin each : offer.channels()) {
            if ((!isShipped && PluginHost.SHIPPED.contains(each.type()))
                    || channels(others).anyMatch(other -> other.type().equals(each.type()))) {
                return Optional.of("the channel " + each.type() + " is offered by another plugin: choose another type");
            }
            String path = each.httpPath().orElse(null);
            if (path != null
                    && (TAKEN_PATHS.contains(path)
                            || channels(others)
                                    .anyMatch(other -> other.httpPath().equals(each.httpPath())))) {
                return Optional.of("the path /" + path + " is taken: choose another httpPath");
            }
        }
        for (GuardedAgentPlugin each : offer.agents()) {
            if (offers(others).flatMap(other -> other.agents().stream()).anyMatch(other -> other.type()
                    .equals(each.type()))) {
                return Optional.of(
                        "the agent type " + each.type() + " is offered by another plugin: choose another type");
            }
        }
        return Optional.empty();
    }

    private Stream<LoadedPlugin.Offer> offers() {
        return offers(entries);
    }

    private static Stream<LoadedPlugin.Offer> offers(List<PluginEntry> entries) {
        return entries.stream().map(PluginEntry::offer).flatMap(Stream::ofNullable);
    }

    private static Stream<GuardedChannelPlugin> channels(List<PluginEntry> entries) {
        return offers(entries).flatMap(offer -> offer.channels().stream());
    }
}
