package dev.patchbay.hub.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Settings;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.agent.AgentSpec;
import dev.patchbay.hub.agent.Agents;
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
import dev.patchbay.hub.store.NewTask;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.TaskChange;
import dev.patchbay.hub.store.TaskFilter;
import dev.patchbay.hub.store.TaskRetention;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import dev.patchbay.hub.store.TestStores;
import dev.patchbay.hub.tenant.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Work in the background, from its acceptance to its end, whatever happens in between. */
@Timeout(60)
class TasksTest {
    private static final SessionKey ANNA = SessionKey.parse("agent:main:webhook:direct:anna");

    @TempDir
    Path folder;

    private final TestWorld world = new TestWorld();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<HubEvent> events = new ConcurrentLinkedQueue<>();
    private TaskRules rules = new TaskRules(
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5)),
            3,
            10,
            Duration.ofHours(1),
            new TaskRetention(Duration.ofDays(30), 5, 1_000_000));
    private volatile Agent behaviour = (turn, sink) -> Reply.text("done: " + turn.text());
    private Store store;
    private Agents agents;
    private Tasks tasks;

    @BeforeEach
    void start() throws Exception {
        store = TestStores.temporary(folder);
        agents = Agents.open(
                List.of(agent("main"), agent("other")),
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

    @Test
    void aTaskIsDoneAndItsResultIsKeptWrittenAndDelivered() throws Exception {
        // When
        String id = create("print", ANNA, Target.ASKER);
        world.settle();

        // Then
        Task task = task(id);
        assertThat(task.standing().state()).isEqualTo(TaskState.DONE);
        assertThat(task.standing().progress()).isEqualTo(100);
        assertThat(task.standing().attempts()).isEqualTo(1);
        assertThat(task.result()).contains("done: print");
        assertThat(lines(ANNA.toString())).containsExactly("user print", "assistant done: print");
        assertThat(store.line(id).orElseThrow().metadata()).containsEntry("task_id", id);
        assertThat(deliveries()).singleElement().satisfies(row -> {
            assertThat(row.messageId()).isEqualTo(id);
            assertThat(row.ref().lane().peerId()).isEqualTo("anna");
        });
        assertThat(told(id)).containsExactly("queued", "running", "done");
    }

    @Test
    void withoutASessionItRunsInOneOfItsOwnAndNobodyIsWrittenTo() throws Exception {
        // When
        String id = create("print");
        world.settle();

        // Then
        assertThat(task(id).sessionKey()).isEqualTo("agent:main:task:" + id);
        assertThat(lines("agent:main:task:" + id)).hasSize(2);
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void aFailedOneSaysWhyAfterExactlyItsAttempts() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            throw new AgentFailed("out of paper");
        };

        // When
        String id = create("print", 1);
        world.settle();

        // Then
        assertThat(task(id).standing().state()).isEqualTo(TaskState.RETRYING);
        assertThat(task(id).standing().nextAttemptAt())
                .isEqualTo(world.clock().instant().plus(Duration.ofMinutes(1)));
        world.advance(Duration.ofMinutes(30));
        assertThat(asked).hasSize(2);
        assertThat(task(id).standing().state()).isEqualTo(TaskState.FAILED);
        assertThat(task(id).standing().error()).contains("out of paper");
        assertThat(task(id).standing().attempts()).isEqualTo(2);
        assertThat(store.line(id).orElseThrow().metadata()).containsKey("error");
        assertThat(told(id)).containsExactly("queued", "running", "retrying", "running", "failed");
    }

    @Test
    void aLaterAttemptThatSucceedsForgetsTheError() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            if (asked.size() == 1) {
                throw new AgentFailed("out of paper");
            }
            return Reply.text("fine");
        };

        // When
        String id = create("print");
        world.advance(Duration.ofMinutes(2));

        // Then
        assertThat(task(id).standing().state()).isEqualTo(TaskState.DONE);
        assertThat(task(id).standing().error()).isNull();
        assertThat(task(id).standing().attempts()).isEqualTo(2);
    }

    @Test
    void aTimeoutIsAFailedAttempt() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            new CountDownLatch(1).await();
            return Reply.silence();
        };

        // When
        String id = tasks.create(new TaskRequest(
                        "print",
                        "main",
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(30)),
                        Optional.of(0),
                        Target.NOBODY,
                        null,
                        "ops"))
                .task()
                .taskId();
        world.settle();

        // Then
        assertThat(task(id).standing().state()).isEqualTo(TaskState.FAILED);
        assertThat(task(id).standing().error()).contains("within 30 ms");
    }

    @Test
    void whatWasCutByAKillIsRunAgainEvenPastTheLimit() throws Exception {
        // Given
        Instant now = world.clock().instant();
        var body = new TaskBody("print", Target.NOBODY, Optional.empty(), 0, Optional.empty());
        store.createTask(
                new NewTask("t1", "main", "agent:main:task:t1", body.toJson(), now, now.plus(Duration.ofHours(1))),
                Optional.empty());
        store.changeTask(
                new TaskChange("t1", new TaskStanding(TaskState.RUNNING, 1, 0, 40, "half", null, now, null, null)));

        // When
        wire();
        world.settle();

        // Then
        assertThat(task("t1").standing().state()).isEqualTo(TaskState.DONE);
        assertThat(task("t1").standing().attempts()).isEqualTo(2);
        assertThat(lines("agent:main:task:t1")).containsExactly("user print", "assistant done: print");
    }

    @Test
    void oneThatWaitsForItsNextAttemptWaitsOnAfterARestart() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            throw new AgentFailed("out of paper");
        };
        String id = create("print");
        world.settle();
        tasks.drain(Duration.ofSeconds(1));

        // When
        behaviour = (turn, sink) -> Reply.text("fine");
        wire();
        world.advance(Duration.ofSeconds(50));
        TaskState before = task(id).standing().state();
        world.advance(Duration.ofSeconds(20));

        // Then
        assertThat(before).isEqualTo(TaskState.RETRYING);
        assertThat(task(id).standing().state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void aCancelledOneStopsAndStaysCancelled() throws Exception {
        // Given
        var began = new Semaphore(0);
        var interrupted = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            began.release();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stopped) {
                interrupted.countDown();
                throw stopped;
            }
            return Reply.silence();
        };
        String id = create("print");
        assertThat(began.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

        // When
        Task cancelled = tasks.cancel(id).orElseThrow();
        Task again = tasks.cancel(id).orElseThrow();

        // Then
        assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(cancelled.standing().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(again).isEqualTo(cancelled);
        world.settle();
        assertThat(task(id)).isEqualTo(cancelled);
        assertThat(tasks.openCount()).isZero();
        assertThat(tasks.cancel("nobody")).isEmpty();
    }

    @Test
    void aResultThatComesAfterTheCancelReachesNobody() throws Exception {
        // Given
        var began = new Semaphore(0);
        var release = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            began.release();
            boolean isOver = false;
            while (!isOver) {
                try {
                    isOver = release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException deaf) {
                    isOver = false;
                }
            }
            return Reply.text("too late");
        };
        String id = create("print", ANNA, Target.ASKER);
        assertThat(began.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

        // When
        tasks.cancel(id);
        release.countDown();
        world.settle();

        // Then
        assertThat(task(id).standing().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(deliveries()).isEmpty();
        assertThat(lines(ANNA.toString())).isEmpty();
    }

    @Test
    void progressIsWrittenAtMostOncePerSecond() throws Exception {
        // Given
        var heard = new Semaphore(0);
        var goOn = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            for (int i = 1; i <= 50; i++) {
                sink.progress(i, "page " + i);
            }
            heard.release();
            goOn.await();
            return Reply.text("printed");
        };
        String id = create("print");
        assertThat(heard.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

        // When
        awaitNote(id, "page 50");

        // Then
        assertThat(task(id).standing().progress()).isEqualTo(50);
        assertThat(told(id).stream().filter("running"::equals)).hasSizeLessThanOrEqualTo(3);
        goOn.countDown();
        world.settle();
        assertThat(task(id).standing().progress()).isEqualTo(100);
    }

    @Test
    void oneWhoseTimeRunsOutExpires() throws Exception {
        // Given
        var began = new Semaphore(0);
        var over = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            began.release();
            try {
                new CountDownLatch(1).await();
            } finally {
                over.countDown();
            }
            return Reply.silence();
        };
        rules = new TaskRules(rules.retry(), 1, 10, Duration.ofSeconds(30), rules.keep());
        wire();
        String first = create("one");
        String second = create("two");
        assertThat(began.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

        // When
        pass(Duration.ofSeconds(32));
        // The next look is asked for by a thread that may be later than the time that has passed.
        var moment = new CountDownLatch(1);
        for (int i = 0; i < 1_000 && (over.getCount() > 0 || isOpen(first) || isOpen(second)); i++) {
            pass(Duration.ofSeconds(1));
            var unused = moment.await(10, TimeUnit.MILLISECONDS);
        }

        // Then
        assertThat(over.getCount()).isZero();
        assertThat(task(first).standing().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(task(second).standing().state()).isEqualTo(TaskState.EXPIRED);
        assertThat(task(second).standing().attempts()).isZero();
    }

    @Test
    void oneAgentsManyTasksDoNotHoldBackAnothers() throws Exception {
        // Given
        var goOn = new Semaphore(0);
        behaviour = (turn, sink) -> {
            goOn.acquire();
            return Reply.text("done");
        };
        rules = new TaskRules(rules.retry(), 1, 10, rules.ttl(), rules.keep());
        wire();
        for (int i = 0; i < 4; i++) {
            create("main " + i);
        }
        tasks.create(request("other", "other 0", Optional.empty(), Target.NOBODY, Optional.empty(), null));

        // When
        goOn.release(100);
        world.settle();

        // Then
        assertThat(new ArrayList<>(asked))
                .containsExactly("main 0", "main 1", "other 0", "main 2", "main 3")
                .doesNotHaveDuplicates();
    }

    @Test
    void thereIsABoundAndARefusalStoresNothing() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            new CountDownLatch(1).await();
            return Reply.silence();
        };
        for (int i = 0; i < 10; i++) {
            create("t" + i);
        }

        // When, Then
        assertThatThrownBy(() -> create("one more"))
                .isInstanceOfSatisfying(
                        TaskRefused.class, full -> assertThat(full.reason()).isEqualTo(TaskRefused.Reason.FULL));
        assertThat(tasks.list(TaskFilter.ALL, 100, Optional.empty()).items()).hasSize(10);
    }

    @Test
    void whatCannotBeDoneIsRefusedWithTheParameterThatIsWrong() {
        refused("agent_id", request("nobody", "x", Optional.empty(), Target.NOBODY, Optional.empty(), null));
        refused("retries", request("main", "x", Optional.empty(), Target.NOBODY, Optional.of(3), null));
        refused("deliver", request("main", "x", Optional.empty(), Target.ASKER, Optional.empty(), null));
        refused(
                "deliver",
                request("main", "x", Optional.empty(), Target.parse("fax:default:direct:1"), Optional.empty(), null));
    }

    @Test
    void aRepeatIsTheSameTask() throws Exception {
        // Given
        TaskRequest request = request("main", "print", Optional.empty(), Target.NOBODY, Optional.empty(), "k1");
        Tasks.Created first = tasks.create(request);
        world.settle();

        // When
        Tasks.Created again = tasks.create(request);

        // Then
        assertThat(again.isDuplicate()).isTrue();
        assertThat(again.task().taskId()).isEqualTo(first.task().taskId());
        world.settle();
        assertThat(asked).hasSize(1);
        refused("idempotency_key", request("main", "other", Optional.empty(), Target.NOBODY, Optional.empty(), "k1"));
    }

    @Test
    void endedOnesGoWhenThereAreTooManyAndTheirOwnSessionsWithThem() throws Exception {
        // Given
        var ids = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            ids.add(create("t" + i));
            world.settle();
            world.advance(Duration.ofMillis(10));
        }

        // When
        world.advance(Duration.ofSeconds(60));

        // Then
        assertThat(tasks.list(TaskFilter.ALL, 100, Optional.empty()).items())
                .extracting(Task::taskId)
                .containsExactlyElementsOf(ids.subList(2, 7).reversed());
        assertThat(store.session("agent:main:task:" + ids.getFirst())).isEmpty();
        assertThat(store.session("agent:main:task:" + ids.getLast())).isPresent();
    }

    @Test
    void aDrainPutsWhatRunsBackAndDoesNotCountIt() throws Exception {
        // Given
        var began = new Semaphore(0);
        behaviour = (turn, sink) -> {
            began.release();
            new CountDownLatch(1).await();
            return Reply.silence();
        };
        String id = create("print");
        assertThat(began.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

        // When
        boolean isQuiet = tasks.drain(Duration.ofMillis(10));

        // Then
        assertThat(isQuiet).isTrue();
        assertThat(task(id).standing().state()).isEqualTo(TaskState.QUEUED);
        assertThat(task(id).standing().attempts()).isZero();
        assertThatThrownBy(() -> create("late")).isInstanceOf(TaskRefused.class);
    }

    private void wire() throws Exception {
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

    private static Outlets outlets() {
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

    private AgentPlugin scripted() {
        return new AgentPlugin() {
            @Override
            public String type() {
                return "scripted";
            }

            @Override
            public String settingsSchema() {
                return "{}";
            }

            @Override
            public Agent open(String agentId, Settings settings) {
                return (turn, sink) -> {
                    asked.add(turn.text());
                    return behaviour.reply(turn, sink);
                };
            }
        };
    }

    private static AgentSpec agent(String id) {
        return new AgentSpec(
                id,
                "scripted",
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                100,
                Optional.empty(),
                AgentSpec.OnFailure.SILENT,
                "",
                100,
                Duration.ofSeconds(60),
                Settings.EMPTY);
    }

    private static TaskRequest request(
            String agent,
            String text,
            Optional<SessionKey> session,
            Target deliver,
            Optional<Integer> retries,
            @Nullable String key) {
        return new TaskRequest(text, agent, session, Optional.empty(), retries, deliver, key, "ops");
    }

    private String create(String text) throws Exception {
        return tasks.create(request("main", text, Optional.empty(), Target.NOBODY, Optional.empty(), null))
                .task()
                .taskId();
    }

    private String create(String text, int retries) throws Exception {
        return tasks.create(request("main", text, Optional.empty(), Target.NOBODY, Optional.of(retries), null))
                .task()
                .taskId();
    }

    private String create(String text, SessionKey session, Target deliver) throws Exception {
        return tasks.create(request("main", text, Optional.of(session), deliver, Optional.empty(), null))
                .task()
                .taskId();
    }

    private void refused(String parameter, TaskRequest request) {
        assertThatThrownBy(() -> tasks.create(request)).isInstanceOfSatisfying(TaskRefused.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(TaskRefused.Reason.INVALID);
            assertThat(refusal.parameter()).isEqualTo(parameter);
        });
    }

    /** Moves time on while agents work, for whom {@link TestWorld#advance} would wait. */
    private void pass(Duration time) throws InterruptedException {
        world.skip(time);
    }

    private void awaitNote(String id, String note) throws InterruptedException {
        while (!note.equals(task(id).standing().note())) {
            world.skip(Duration.ofSeconds(1));
            Thread.onSpinWait();
        }
    }

    private boolean isOpen(String id) throws InterruptedException {
        return task(id).standing().state().isOpen();
    }

    private Task task(String id) throws InterruptedException {
        return tasks.get(id).orElseThrow();
    }

    private List<String> lines(String session) throws InterruptedException {
        return store.history(session, 100, Optional.empty()).items().stream()
                .map((StoredLine line) -> line.role() + " " + line.content())
                .toList();
    }

    private List<StoredDelivery> deliveries() throws InterruptedException {
        return store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
    }

    private List<String> told(String id) {
        return events.stream()
                .filter(each ->
                        id.equals(each.fields().get("task_id")) && each.type().equals("task.updated"))
                .map(each -> String.valueOf(each.fields().get("status")))
                .toList();
    }
}
