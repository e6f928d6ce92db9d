package dev.patchbay.hub;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.channel.Channels;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.SteadyClock;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.memory.HeapGuard;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.ops.AgentHealth;
import dev.patchbay.hub.ops.BackupHealth;
import dev.patchbay.hub.ops.ChannelHealth;
import dev.patchbay.hub.ops.Health;
import dev.patchbay.hub.ops.MemoryHealth;
import dev.patchbay.hub.ops.PluginHealth;
import dev.patchbay.hub.ops.QueueHealth;
import dev.patchbay.hub.ops.RecallHealth;
import dev.patchbay.hub.ops.ScarcityWatch;
import dev.patchbay.hub.ops.StoreHealth;
import dev.patchbay.hub.plugin.PluginHost;
import dev.patchbay.hub.plugin.PluginWatch;
import dev.patchbay.hub.recall.LineSearch;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.store.Store;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Builds what tells operators how the hub is: health, warnings of what runs out, gauges. */
final class OpsRoom {
    private final Means means;
    private final StoreRoom storeRoom;
    private final List<String> channels;
    private final SteadyClock clock;
    private final World world;
    private final ScarcityWatch scarcity;
    private final Health health;
    private final AtomicReference<@Nullable PluginWatch> watch = new AtomicReference<>();

    /** What is looked at. */
    record Means(
            Store store,
            AttachmentDesk files,
            PluginHost plugins,
            Channels channels,
            Agents agents,
            Inbox inbox,
            Deliveries deliveries,
            LineSearch lines,
            HeapGuard heap) {}

    OpsRoom(HubConfig config, Means means, StoreRoom storeRoom, Events events, SteadyClock clock, World world) {
        this.means = means;
        this.storeRoom = storeRoom;
        this.channels = List.copyOf(config.channels().keySet());
        this.clock = clock;
        this.world = world;
        this.scarcity = new ScarcityWatch(
                new Scarcity()
                        .store(
                                means.store(),
                                config.hub().dataDir(),
                                config.store().minFreeBytes())
                        .queues(means.inbox(), means.deliveries(), channels)
                        .process(means.heap(), clock)
                        .things(),
                events,
                world);
        this.health = new Health(
                List.of(
                        new StoreHealth(means.store()),
                        new BackupHealth(storeRoom.schedule(), storeRoom.notice(), storeRoom.every(), world.clock()),
                        new ChannelHealth(means.channels()),
                        new QueueHealth(means.deliveries(), channels),
                        new PluginHealth(means.plugins(), () -> Optional.ofNullable(watch.get())),
                        new AgentHealth(means.agents()),
                        new MemoryHealth(means.heap()),
                        new RecallHealth(means.lines()),
                        scarcity),
                world.threads(),
                world.clock());
    }

    Health health() {
        return health;
    }

    /** From now on it also looks at the watch of the folder with plugins. */
    void watchedBy(PluginWatch pluginWatch) {
        watch.set(pluginWatch);
    }

    /** Shows the gauges, and warns from now on. */
    void start(Meters meters) {
        var gauges = new Gauges(meters, means.store(), means.files(), means.deliveries());
        gauges.watch(channels);
        gauges.watch(means.heap(), clock);
        TaskRoom.watch(meters, means.store());
        gauges.watchBackups(storeRoom.schedule(), world.clock());
        scarcity.start();
    }
}
