package dev.patchbay.hub.heartbeat;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.OutboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.agent.AgentSpec;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.ScriptedPlugin;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.tenant.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What begins by itself with everything it needs: real store, real queue, agents that do as told. */
public abstract class PulseFixture {
    /** So many agents there are besides {@code main}: {@code agent0}, {@code agent1} and so on. */
    protected static final int OTHERS = 6;

    protected static final Target ANNA =
            new Target.Named(new Address("telegram", "default", Peer.direct("anna"), null));

    @TempDir
    protected Path folder;

    protected final TestWorld world = new TestWorld();
    protected final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    protected final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    protected volatile Agent behaviour = (turn, sink) -> Reply.text("HEARTBEAT_OK");
    protected volatile boolean isOpen = true;
    protected Store store;
    protected Agents agents;
    protected Deliveries deliveries;
    protected Inbox inbox;
    protected Targets targets;

    @BeforeEach
    protected void open() throws Exception {
        store = TestStores.temporary(folder.resolve("store"));
        agents = Agents.open(
                IntStream.range(-1, OTHERS)
                        .mapToObj(i -> spec(i < 0 ? "main" : "agent" + i))
                        .toList(),
                Map.of("scripted", scripted()),
                Meters.NONE,
                world.world(),
                Thread.ofVirtual().factory());
        var events = new Events(store, world.clock());
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 5, 100, false, Duration.ofDays(7), 0);
        deliveries =
                new Deliveries(store, outlets(), unused -> policy, Attachment::url, events, Meters.NONE, world.world());
        var commands = new ChatCommands(store, deliveries, "1.2.3", Tenants.one("main"), (channel, account) -> true);
        inbox = new Inbox(
                store, agents, deliveries, events, Meters.NONE, world.world(), new Inbox.Rules(100, commands));
        targets = new Targets(inbox.lastPeers(), store, deliveries);
        deliveries.start();
        inbox.start();
    }

    @AfterEach
    protected void close() throws Exception {
        world.settle();
        agents.close();
        store.close();
    }

    /** As after a kill: what was only in memory is gone. */
    protected final void restart() throws Exception {
        close();
        open();
    }

    protected final Instant now() {
        return world.clock().instant();
    }

    protected final List<StoredLine> history(String session) throws Exception {
        return store.history(session, 100, Optional.empty()).items();
    }

    private static AgentSpec spec(String id) {
        return new AgentSpec(
                id,
                "scripted",
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                1,
                Optional.empty(),
                AgentSpec.OnFailure.APOLOGISE,
                "Sorry",
                2,
                Duration.ofSeconds(60),
                Settings.EMPTY);
    }

    private AgentPlugin scripted() {
        return ScriptedPlugin.of("scripted", (turn, sink) -> {
            asked.add(turn.text());
            return behaviour.reply(turn, sink);
        });
    }

    private Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String channel, String accountId) {
                return channel.equals("telegram")
                        ? Optional.of(new Traits(Set.of(Capability.SEND), TextLimit.NONE))
                        : Optional.empty();
            }

            @Override
            public Optional<Channel> open(String channel, String accountId) {
                return isOpen ? Optional.of(platform()) : Optional.empty();
            }
        };
    }

    private Channel platform() {
        return new Channel() {
            @Override
            public DeliveryOutcome deliver(OutboundMessage message) {
                sent.add(message.to().id() + ": " + message.text());
                return new DeliveryOutcome.Delivered("");
            }

            @Override
            public void close() {}
        };
    }
}
