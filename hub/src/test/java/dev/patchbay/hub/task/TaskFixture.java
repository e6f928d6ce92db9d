package dev.patchbay.hub.task;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.Reply;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.agent.AgentSpec;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.ScriptedPlugin;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.delivery.DeliveryPolicy;
import dev.patchbay.hub.delivery.Outlets;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.ChatCommands;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.TaskRetention;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks on a real store, with two agents that do what a test says, in a time that the test moves. */
@Timeout(60)
abstract class TaskFixture {
    static final SessionKey ANNA = SessionKey.parse("agent:main:webhook:direct:anna");

    @TempDir
    Path folder;

    final TestWorld world = new TestWorld();
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<HubEvent> events = new ConcurrentLinkedQueue<>();

    TaskRules rules = new TaskRules(
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5)),
            3,
            10,
            Duration.ofHours(1),
            new TaskRetention(Duration.ofDays(30), 5, 1_000_000));

    /** Has no time for conversations. */
    private static final AgentSpec HASTY =
            Turns.spec("hasty", "scripted").timeout(Duration.ofMillis(20)).build();

    volatile Agent behaviour = (turn, sink) -> Reply.text("done: " + turn.text());
    Store store;
    Agents agents;
    Tasks tasks;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        agents = Agents.open(
                List.of(agent("main"), agent("other"), HASTY),
                Map.of("scripted", scripted()),
                Meters.NONE,
                world.world(),
                Thread.ofVirtual().factory());
        wire();
    }

    @AfterEach
    void stop() throws Exception {
        tasks.drain(Duration.ofSeconds(1));
        agents.close();
        store.close();
    }

    final void wire() throws Exception {
        var policy = new DeliveryPolicy(List.of(Duration.ofSeconds(5)), 5, 100, false, Duration.ofDays(7), 0);
        var happened = new Events(store, world.clock());
        happened.subscribe(Events.Filter.ALL, event -> events.add(event));
        var deliveries = new Deliveries(
                store, outlets(), unused -> policy, Attachment::url, happened, Meters.NONE, world.world());
        var commands = new ChatCommands(store, deliveries, "1.2.3", Tenants.one("main"), (channel, account) -> false);
        var inbox = new Inbox(
                store, agents, deliveries, happened, Meters.NONE, world.world(), new Inbox.Rules(3, commands));
        inbox.start();
        tasks = new Tasks(
                new Tasks.Means(
                        store, agents, inbox.ownTurns(), new Targets(inbox.lastPeers(), store, deliveries), happened),
                rules,
                world.world());
        tasks.start(Instant.EPOCH);
    }

    static Outlets outlets() {
        return new Outlets() {
            @Override
            public Optional<Traits> traits(String channel, String accountId) {
                return channel.equals("webhook")
                        ? Optional.of(new Traits(Set.of(Capability.SEND), TextLimit.NONE))
                        : Optional.empty();
            }

            @Override
            public Optional<Channel> open(String channel, String accountId) {
                return Optional.empty();
            }
        };
    }

    AgentPlugin scripted() {
        return ScriptedPlugin.of("scripted", (turn, sink) -> {
            asked.add(turn.text());
            return behaviour.reply(turn, sink);
        });
    }

    static AgentSpec agent(String id) {
        return Turns.roomy(id, "scripted");
    }

    static TaskRequest request(
            String agent,
            String text,
            Optional<SessionKey> session,
            Target deliver,
            Optional<Integer> retries,
            @Nullable String key) {
        return new TaskRequest(text, agent, session, Optional.empty(), retries, deliver, key, "ops");
    }

    String create(String text) throws Exception {
        return tasks.create(request("main", text, Optional.empty(), Target.NOBODY, Optional.empty(), null))
                .task()
                .taskId();
    }

    String create(String text, int retries) throws Exception {
        return tasks.create(request("main", text, Optional.empty(), Target.NOBODY, Optional.of(retries), null))
                .task()
                .taskId();
    }

    String create(String text, SessionKey session, Target deliver) throws Exception {
        return tasks.create(request("main", text, Optional.of(session), deliver, Optional.empty(), null))
                .task()
                .taskId();
    }

    Task task(String id) throws InterruptedException {
        return tasks.get(id).orElseThrow();
    }

    List<String> lines(String session) throws InterruptedException {
        return store.history(session, 100, Optional.empty()).items().stream()
                .map((StoredLine line) -> line.role() + " " + line.content())
                .toList();
    }

    List<StoredDelivery> deliveries() throws InterruptedException {
        return store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
    }

    List<String> told(String id) {
        return events.stream()
                .filter(each ->
                        id.equals(each.fields().get("task_id")) && each.type().equals("task.updated"))
                .map(each -> String.valueOf(each.fields().get("status")))
                .toList();
    }
}
