package dev.patchbay.hub.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.access.AccessRules;
import dev.patchbay.hub.access.Doorkeeper;
import dev.patchbay.hub.access.Pairings;
import dev.patchbay.hub.agent.AgentSpec;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.EchoAgentPlugin;
import dev.patchbay.hub.agent.ScriptedPlugin;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentSettings;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.gateway.method.BindingMethods;
import dev.patchbay.hub.gateway.method.ChannelDesk;
import dev.patchbay.hub.gateway.method.ChannelMethods;
import dev.patchbay.hub.gateway.method.ChatMethods;
import dev.patchbay.hub.gateway.method.DeliveryMethods;
import dev.patchbay.hub.gateway.method.EventMethods;
import dev.patchbay.hub.gateway.method.HeartbeatMethods;
import dev.patchbay.hub.gateway.method.HubMethods;
import dev.patchbay.hub.gateway.method.MemoryMethods;
import dev.patchbay.hub.gateway.method.PairingMethods;
import dev.patchbay.hub.gateway.method.PluginDesk;
import dev.patchbay.hub.gateway.method.PluginMethods;
import dev.patchbay.hub.gateway.method.ScheduleMethods;
import dev.patchbay.hub.gateway.method.SessionMethods;
import dev.patchbay.hub.gateway.method.StoreDesk;
import dev.patchbay.hub.gateway.method.StoreMethods;
import dev.patchbay.hub.gateway.method.Subscriptions;
import dev.patchbay.hub.gateway.method.TaskMethods;
import dev.patchbay.hub.gateway.method.TraceMethods;
import dev.patchbay.hub.gateway.openai.Completions;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.heartbeat.Heartbeats;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.recall.LineSearch;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.Router;
import dev.patchbay.hub.schedule.Schedules;
import dev.patchbay.hub.session.Bindings;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.session.PassingTurns;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.TaskRetention;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.task.TaskRules;
import dev.patchbay.hub.task.Tasks;
import dev.patchbay.hub.tenant.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A real store, the real core with two agents ({@code main} echoes, {@code broken} fails) and the real doors; the channel {@code
 * webhook} can send but is never open, {@code mute} only takes in.
 */
final class HubBehindDoors implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final TestGateway doors;
    final List<String> moves = new ArrayList<>();
    private final H2Store store;
    private final LineSearch lines;
    private final Map<String, Agent> more;
    private final Tenants tenants;
    private @Nullable Completions completions;
    private @Nullable Agents agents;
    private @Nullable AttachmentDesk files;
    private @Nullable Events events;
    private @Nullable Doorkeeper doorkeeper;

    HubBehindDoors(Path folder) throws Exception {
        this(folder, AttachmentSettings.of(folder));
    }

    HubBehindDoors(Path folder, AttachmentSettings files) throws Exception {
        this(folder, files, TestGateway.usual());
    }

    HubBehindDoors(Path folder, AttachmentSettings settings, GatewaySettings gateway) throws Exception {
        this(folder, settings, gateway, Map.of(), Tenants.one("main"));
    }

    /** With more agents than {@code main} and {@code broken}, by id. */
    HubBehindDoors(Path folder, Map<String, Agent> more) throws Exception {
        this(folder, more, Tenants.one("main"));
    }

    /** Likewise, with several tenants. */
    HubBehindDoors(Path folder, Map<String, Agent> more, Tenants tenants) throws Exception {
        this(folder, AttachmentSettings.of(folder), TestGateway.usual(), more, tenants);
    }

    private HubBehindDoors(
            Path folder,
            AttachmentSettings settings,
            GatewaySettings gateway,
            Map<String, Agent> moreAgents,
            Tenants owners)
            throws Exception {
        tenants = owners;
        store = TestStores.h2(folder);
        lines = new LineSearch(store.transcripts(), folder.resolve("index"), () -> Long.MAX_VALUE, Stopwatch.SYSTEM);
        lines.start();
        more = moreAgents;
        doors = TestGateway.around(gateway, settings, new TestGateway.Inside() {
            @Override
            public List<RpcMethod> methods(World world, AttachmentDesk files, OpsDoor ops) {
                try {
                    return HubBehindDoors.this.methods(world, files, ops);
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException(stopped);
                }
            }

            @Override
            public Tenants tenants() {
                return owners;
            }

            @Override
            public Optional<Completions> completions() {
                return Optional.ofNullable(completions);
            }
        });
    }

    private List<RpcMethod> methods(World world, AttachmentDesk files, OpsDoor ops) throws InterruptedException {
        this.files = files;
        var specs = new ArrayList<>(List.of(spec("main", "echo"), spec("broken", "broken")));
        var plugins = new HashMap<String, AgentPlugin>();
        plugins.put("echo", new EchoAgentPlugin());
        plugins.put("broken", ScriptedPlugin.of("broken", (turn, sink) -> {
            throw new AgentFailed("out of order");
        }));
        more.forEach((id, agent) -> {
            specs.add(spec(id, id));
            plugins.put(id, ScriptedPlugin.of(id, agent));
        });
        agents = Agents.open(
                specs, plugins, Meters.NONE, world, Thread.ofVirtual().factory());
        events = new Events(store, world.clock());
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 5, 100, false, Duration.ofDays(7), 0);
        var deliveries = new Deliveries(store, outlets(), unused -> policy, files::line, events, Meters.NONE, world);
        var commands = new ChatCommands(store, deliveries, "1.2.3", Tenants.one("main"), (channel, account) -> true);
        var inbox = new Inbox(store, agents, deliveries, events, Meters.NONE, world, new Inbox.Rules(100, commands));
        var webhook = new Pairings.Account("webhook", "default");
        var pairings = new Pairings(
                List.of(webhook), new Pairings.Means(store, deliveries, events), world.clock(), world.random());
        doorkeeper = new Doorkeeper(
                List.of(AccessRules.of(webhook.channel(), webhook.accountId(), Settings.EMPTY)),
                (channel, _) -> true,
                pairings,
                Meters.NONE);
        var bindings = new Bindings(
                store,
                BindingTable.EMPTY,
                agents.ids(),
                tenants,
                table -> new Router(table, tenants::defaultAgent, DmScope.PER_CHANNEL_PEER, IdentityLinks.NONE),
                world.clock());
        var conversations = new Conversations(inbox, bindings, agents, "main", DmScope.PER_CHANNEL_PEER, world.clock());
        completions = new Completions(
                new Completions.Rooms(conversations, new PassingTurns(agents, world), agents, files, events),
                world.clock());
        var subscriptions = new Subscriptions();
        var targets = new Targets(inbox.lastPeers(), store, deliveries);
        var tasks = new Tasks(
                new Tasks.Means(store, agents, inbox.ownTurns(), targets, events),
                new TaskRules(
                        List.of(Duration.ofMillis(20)),
                        5,
                        100,
                        Duration.ofDays(7),
                        new TaskRetention(Duration.ofDays(30), 100, 1_000_000)),
                world);
        var heartbeats = new Heartbeats(
                List.of(), new Heartbeats.Means(store, inbox.ownTurns(), targets, deliveries, agents), world);
        var schedules = new Schedules(List.of(), new Schedules.Means(store, inbox.ownTurns(), targets, agents), world);
        inbox.start();
        deliveries.start();
        tasks.start(Instant.EPOCH);
        schedules.start();
        var all = new ArrayList<RpcMethod>();
        all.addAll(new ChatMethods(conversations, files, events, subscriptions).all());
        all.addAll(new EventMethods(events, subscriptions).all());
        all.addAll(new SessionMethods(store, world.clock()).all());
        all.addAll(new MemoryMethods(lines).all());
        all.addAll(new DeliveryMethods(deliveries, files, store, world.clock()).all());
        all.addAll(new TraceMethods(store).all());
        all.addAll(new TaskMethods(tasks, "main").all());
        all.addAll(new BindingMethods(bindings).all());
        all.addAll(new PairingMethods(pairings).all());
        all.addAll(new ChannelMethods(desk(), deliveries, store, world.clock()).all());
        all.addAll(new PluginMethods(plugins()).all());
        all.addAll(new HeartbeatMethods(heartbeats).all());
        all.addAll(new ScheduleMethods(schedules, "main", world.clock()).all());
        all.addAll(new StoreMethods(storeDesk()).all());
        all.addAll(new HubMethods(ops, agents, () -> Map.of("ok", true)).all());
        return all;
    }

    AttachmentDesk files() {
        return Objects.requireNonNull(files);
    }

    Events events() {
        return Objects.requireNonNull(events);
    }

    /** A stranger's message to the webhook account; the code that it led to is in {@code pairing.list}. */
    boolean admits(String peer) throws InterruptedException {
        return Objects.requireNonNull(doorkeeper)
                .admits(
                        "webhook",
                        "default",
                        InboundMessage.from(Peer.direct(peer), "hello").build());
    }

    /** The whole answer to a call with all rights. */
    JsonNode call(String method, String params) throws Exception {
        return JSON.readTree(
                doors.rpc(request(method, params, 1), TestGateway.ADMIN).body());
    }

    JsonNode result(String method, String params) throws Exception {
        JsonNode answer = call(method, params);
        if (!answer.has("result")) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.get("result");
    }

    /** The whole answer to a call with that token. */
    JsonNode call(String method, String params, String token) throws Exception {
        return JSON.readTree(doors.rpc(request(method, params, 1), token).body());
    }

    int error(String method, String params) throws Exception {
        return call(method, params).path("error").path("code").asInt();
    }

    static String request(String method, String params, int id) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + ",\"id\":" + id + "}";
    }

    static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }

    @Override
    public void close() {
        doors.close();
        if (agents != null) {
            agents.close();
        }
        lines.close();
        store.close();
    }

    private static AgentSpec spec(String id, String type) {
        return Turns.roomy(id, type);
    }

    private static Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String channel, String accountId) {
                return switch (channel) {
                    case "webhook" -> Optional.of(new Traits(Set.of(Capability.SEND), TextLimit.NONE));
                    case "mute" -> Optional.of(new Traits(Set.of(), TextLimit.NONE));
                    default -> Optional.empty();
                };
            }

            @Override
            public Optional<Channel> open(String channel, String accountId) {
                return Optional.empty();
            }
        };
    }

    private ChannelDesk desk() {
        return new ChannelDesk() {
            @Override
            public List<AccountState> accounts() {
                return List.of(new AccountState(
                        "webhook", "default", "running", Instant.parse("2026-01-01T00:00:00Z"), Optional.empty()));
            }

            @Override
            public boolean restart(String channel, String accountId) {
                return moves.add("restart " + channel + " " + accountId);
            }

            @Override
            public boolean pause(String channel, String accountId) {
                return moves.add("pause " + channel + " " + accountId);
            }

            @Override
            public boolean resume(String channel, String accountId) {
                return moves.add("resume " + channel + " " + accountId);
            }
        };
    }

    private static StoreDesk storeDesk() {
        return new StoreDesk() {
            @Override
            public Map<String, Object> createBackup() throws NotDone {
                throw new NotDone("the disk is full; make room", false);
            }

            @Override
            public Map<String, Object> backups() {
                return Map.of("folder", "/backups", "backups", List.of(Map.of("name", "hub.zip", "bytes", 1L)));
            }

            @Override
            public Map<String, Object> info() {
                return Map.of("rows", Map.of("inbox", 1L));
            }

            @Override
            public Map<String, Object> check() throws NotDone {
                throw new NotDone("another check is under way", true);
            }

            @Override
            public Map<String, Object> setAside() {
                return Map.of("records", List.of());
            }

            @Override
            public Map<String, Object> optimize() {
                return Map.of("rounds", 1);
            }

            @Override
            public boolean acknowledge() {
                return true;
            }
        };
    }

    private PluginDesk plugins() {
        return new PluginDesk() {
            private PluginState webhook() {
                return new PluginState(
                        "webhook", "0.1.0", "running", "webhook.zip", List.of("webhook"), List.of(), Optional.empty());
            }

            @Override
            public List<PluginState> plugins() {
                return List.of(webhook());
            }

            @Override
            public PluginState install(Path file) throws NotTaken {
                throw new NotTaken("there is no file " + file + " that the hub may read");
            }

            @Override
            public Optional<PluginState> reload(String pluginId) {
                return pluginId.equals("webhook") ? Optional.of(webhook()) : Optional.empty();
            }

            @Override
            public boolean remove(String pluginId) throws NotTaken {
                if (pluginId.equals("webhook")) {
                    throw new NotTaken("it comes with the hub");
                }
                return pluginId.equals("matrix");
            }
        };
    }
}
