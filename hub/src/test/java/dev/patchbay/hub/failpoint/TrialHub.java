package dev.patchbay.hub.failpoint;

import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Attachments.Content;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.TextLimit;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.access.Doorkeeper;
import dev.patchbay.hub.access.Pairings;
import dev.patchbay.hub.agent.AgentSpec;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.Offer;
import dev.patchbay.hub.agent.ScriptedPlugin;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentSettings;
import dev.patchbay.hub.attachment.FilesNamedInStore;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.routing.BindingTable;
import dev.patchbay.hub.routing.DmScope;
import dev.patchbay.hub.routing.IdentityLinks;
import dev.patchbay.hub.routing.Router;
import dev.patchbay.hub.session.Bindings;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.session.InboundDoor;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreOptions;
import dev.patchbay.hub.task.TaskRules;
import dev.patchbay.hub.task.Tasks;
import dev.patchbay.hub.tenant.Tenants;
import dev.patchbay.hub.usage.Allowance;
import dev.patchbay.hub.usage.Amount;
import dev.patchbay.hub.usage.Budget;
import dev.patchbay.hub.usage.Price;
import dev.patchbay.hub.usage.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** The real core on a folder, wired as the hub's own assembly does it, with a platform that remembers and an agent that echoes. */
final class TrialHub implements AutoCloseable {
    static final String CHANNEL = "trial";
    static final String ACCOUNT = "default";

    final World world;
    final Store store;
    final AttachmentDesk files;
    static final String AGENT = "main";
    static final long INPUT_TOKENS = 5;
    static final long OUTPUT_TOKENS = 7;

    final Events events;
    final Deliveries deliveries;
    final Inbox inbox;
    final Tasks tasks;
    final InboundDoor door;
    final Bindings bindings;
    final Conversations conversations;
    final Platform platform;
    private final ArrayDeque<AutoCloseable> open = new ArrayDeque<>();

    TrialHub(Ledger ledger, FailPoints failPoints, int speed) throws Exception {
        Path folder = ledger.folder();
        platform = new Platform(ledger);
        boolean isWhole = false;
        try {
            ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
            open.push(threads::shutdownNow);
            var time = new HurriedTime(speed);
            open.push(time);
            world = new World(time.clock(), time, threads, RandomGenerator.getDefault(), Stopwatch.SYSTEM, failPoints);
            store = H2Store.open(
                    StoreOptions.of("jdbc:h2:file:" + folder.toAbsolutePath().resolve("hub"), folder, 0)
                            .failingAt(failPoints),
                    world.clock(),
                    Meters.NONE);
            open.push(store);
            files = new AttachmentDesk(AttachmentSettings.of(folder), new FilesNamedInStore(store), world);
            open.push(files);
            files.prepare();
            events = new Events(store, world.clock(), failPoints);
            Agents agents = Agents.open(
                    List.of(spec()),
                    Map.of("echoing", agent()),
                    Offer.NOTHING,
                    Meters.NONE,
                    world,
                    Thread.ofVirtual().factory(),
                    Usage.open(Map.of(AGENT, allowance()), store, events, Meters.NONE, world));
            open.push(agents);
            var policy = new DeliveryPolicy(List.of(Duration.ofMillis(50)), 5, 1_000, false, Duration.ofDays(7), 0);
            deliveries = new Deliveries(store, outlets(), any -> policy, files::line, events, Meters.NONE, world);
            var commands = new ChatCommands(store, deliveries, "0", Tenants.one("main"), (channel, account) -> false);
            inbox = new Inbox(store, agents, deliveries, events, Meters.NONE, world, new Inbox.Rules(1_000, commands));
            tasks = new Tasks(
                    new Tasks.Means(
                            store, agents, inbox.ownTurns(), new Targets(inbox.lastPeers(), store, deliveries), events),
                    new TaskRules(List.of(Duration.ofMillis(50)), 5, 100, Duration.ofDays(7), Trial.TASKS_KEPT),
                    world);
            bindings = new Bindings(
                    store,
                    BindingTable.EMPTY,
                    agents.ids(),
                    table -> new Router(table, "main", DmScope.PER_CHANNEL_PEER, IdentityLinks.NONE),
                    world.clock());
            var pairings = new Pairings(
                    List.of(), new Pairings.Means(store, deliveries, events), world.clock(), world.random());
            door = new InboundDoor(
                    inbox,
                    bindings,
                    new Doorkeeper(List.of(), (channel, account) -> false, pairings, Meters.NONE),
                    deliveries,
                    store,
                    world.clock(),
                    failPoints);
            conversations = new Conversations(inbox, bindings, agents, "main", DmScope.PER_CHANNEL_PEER, world.clock());
            deliveries.start();
            inbox.start();
            tasks.start(Instant.EPOCH);
            door.open();
            isWhole = true;
        } finally {
            if (!isWhole) {
                closeAll();
            }
        }
    }

    @Override
    public void close() {
        try {
            tasks.drain(Duration.ofSeconds(5));
            inbox.drain(Duration.ofSeconds(5));
            deliveries.drain(Duration.ofSeconds(5));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        closeAll();
    }

    /** Everything, whatever the others do. */
    private void closeAll() {
        var failure = new IllegalStateException("something did not close");
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception each) {
                failure.addSuppressed(each);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String channel, String accountId) {
                return channel.equals(CHANNEL)
                        ? Optional.of(new Traits(
                                Set.of(Capability.SEND, Capability.DRAFTS, Capability.TYPING), TextLimit.NONE))
                        : Optional.empty();
            }

            @Override
            public Optional<Channel> open(String channel, String accountId) {
                return Optional.of(platform);
            }
        };
    }

    private AgentPlugin agent() {
        return ScriptedPlugin.of("echoing", this::reply);
    }

    private Reply reply(Turn turn, ReplySink sink) throws InterruptedException {
        var answer = new StringBuilder("re: ").append(turn.text());
        for (Attachment each : turn.attachments()) {
            try (Content content = files.open(each)) {
                answer.append(" with ").append(new String(content.stream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (Exception lost) {
                answer.append(" without its file: ").append(lost.getMessage());
            }
        }
        if (turn.text().startsWith(Trial.GINA)) {
            int before = platform.drafts();
            sink.delta("re: ");
            platform.awaitDraft(before);
            sink.delta(answer.substring("re: ".length()));
        }
        return new Reply(Reply.text(answer.toString()).messages(), INPUT_TOKENS, OUTPUT_TOKENS);
    }

    /** A token costs a millionth, and the first one is worth a warning. */
    private static Allowance allowance() {
        return new Allowance(
                Optional.of(new Price(BigDecimal.ONE, BigDecimal.ONE, "USD")),
                Map.of(Budget.MONTHLY, Amount.of(BigDecimal.ONE)),
                INPUT_TOKENS / 1e6,
                ZoneOffset.UTC,
                "");
    }

    private static AgentSpec spec() {
        return Turns.roomy(AGENT, "echoing");
    }
}
