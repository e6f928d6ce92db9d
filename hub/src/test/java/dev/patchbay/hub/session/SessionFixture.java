package dev.patchbay.hub.session;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.access.AccessRules;
import dev.patchbay.hub.access.Doorkeeper;
import dev.patchbay.hub.access.Pairings;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.Offer;
import dev.patchbay.hub.agent.ScriptedPlugin;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.Router;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.tenant.Tenants;
import dev.patchbay.hub.tenant.Visibility;
import dev.patchbay.hub.usage.Allowance;
import dev.patchbay.hub.usage.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The way in with everything behind it: real store, real queue, one agent that does as told. */
abstract class SessionFixture {
    static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    final TestWorld world = new TestWorld();
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    volatile Agent behaviour = (turn, sink) -> Reply.text("re: " + turn.text());
    Manners manners = Manners.PLAIN;
    Stopwatch stopwatch = Stopwatch.SYSTEM;
    int laneLimit = 3;
    Store store;
    Agents agents;
    Events events;
    Inbox inbox;
    InboundDoor door;
    private Deliveries deliveries;
    private Bindings bindings;
    private Doorkeeper doorkeeper;
    Conversations conversations;
    ChatCommands commands;
    Targets targets;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        AgentPlugin scripted = ScriptedPlugin.of("scripted", (turn, sink) -> {
            asked.add(turn.text());
            return behaviour.reply(turn, sink);
        });
        var spec = Turns.roomy("main", "scripted");
        agents = Agents.open(
                List.of(spec),
                Map.of("scripted", scripted),
                Offer.NOTHING,
                Meters.NONE,
                world.world(),
                Thread.ofVirtual().factory(),
                Usage.open(allowances(), store, new Events(store, world.clock()), Meters.NONE, world.world()));
        wireWithoutStart();
        inbox.start();
    }

    @AfterEach
    void stop() throws Exception {
        world.settle();
        agents.close();
        store.close();
    }

    /** What agents cost and may cost: nothing, unless a test says so. */
    Map<String, Allowance> allowances() {
        return Map.of();
    }

    final void wireWithoutStart() throws Exception {
        events = new Events(store, world.clock());
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 5, 100, false, Duration.ofDays(7), 0);
        deliveries =
                new Deliveries(store, outlets(), unused -> policy, Attachment::url, events, Meters.NONE, world.world());
        commands = new ChatCommands(
                store, deliveries, "1.2.3", Tenants.one("main"), (channel, account) -> !account.equals("plain"));
        inbox = new Inbox(
                store,
                agents,
                deliveries,
                events,
                Meters.NONE,
                world.world(stopwatch),
                new Inbox.Rules(laneLimit, commands, manners));
        targets = new Targets(inbox.lastPeers(), store, deliveries);
        bindings = new Bindings(
                store,
                BindingTable.EMPTY,
                agents.ids(),
                table -> new Router(table, "main", DmScope.PER_CHANNEL_PEER, IdentityLinks.NONE),
                world.clock());
        var pairings = new Pairings(
                List.of(new Pairings.Account("telegram", "default")),
                new Pairings.Means(store, deliveries, events),
                world.clock(),
                new Random(7));
        doorkeeper = new Doorkeeper(
                List.of(AccessRules.of("telegram", "default", Settings.EMPTY)),
                (channel, _) -> channel.equals("telegram"),
                pairings,
                Meters.NONE);
        door = closedDoor();
        door.open();
        conversations = new Conversations(inbox, bindings, agents, "main", DmScope.PER_CHANNEL_PEER, world.clock());
    }

    /** Another one, as it is while the hub starts. */
    final InboundDoor closedDoor() {
        return new InboundDoor(inbox, bindings, doorkeeper, deliveries, store, world.clock());
    }

    private static Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String channel, String accountId) {
                return Optional.of(new Traits(Set.of(Capability.SEND), TextLimit.NONE));
            }

            @Override
            public Optional<Channel> open(String channel, String accountId) {
                return Optional.empty();
            }
        };
    }

    static InboundMessage message(String remoteId, String text) {
        return InboundMessage.from(Peer.direct("anna"), text).remoteId(remoteId).build();
    }

    static ChatRequest chat(String text, @Nullable String idempotencyKey) {
        return new ChatRequest(
                text, null, null, null, null, List.of(), idempotencyKey, "chat.send", "ops", Visibility.WHOLE);
    }

    static ChatRequest chatIn(String session) {
        return new ChatRequest("x", session, null, null, null, List.of(), null, "chat.send", "ops", Visibility.WHOLE);
    }

    List<StoredLine> history(String session) throws Exception {
        return store.history(session, 100, Optional.empty()).items();
    }

    List<StoredDelivery> queued() throws Exception {
        return store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
    }
}
