package dev.patchbay.hub.task;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.OwnTurns;
import dev.patchbay.hub.session.PatientStore;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Accepted;
import dev.patchbay.hub.store.NewTask;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredTask;
import dev.patchbay.hub.store.TaskFilter;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that agents do in the background: accepted at once, tried as often as it was said, and never forgotten. The rows are the
 * truth; what is in memory is only those that have not ended. Safe for many threads.
 */
public final class Tasks {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** What runs when the hub is told to stop has so long to come to its end by itself. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private static final int PRUNE_TICKS = 10;
    private static final int PAGE = 1_000;

    private final Means means;
    private final TaskRules rules;
    private final World world;
    private final SortableIds ids;
    private final Attempt attempts;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final TaskNews news;
    private final Seldom told = new Seldom();

    private final TaskBook book;
    private final TaskWork work;

    /** Set when a task may be on disk that nobody has taken up. */
    private volatile boolean isMissing;

    private int ticks;

    /** What is needed. */
    public record Means(Store store, Agents agents, OwnTurns turns, Targets targets, Events events) {}

    /**
     * A task that was taken.
     *
     * @param isDuplicate true if it was taken earlier
     */
    public record Created(Task task, boolean isDuplicate) {}

    /** Tasks that do nothing before {@link #start}. */
    public Tasks(Means means, TaskRules rules, World world) {
        this.means = means;
        this.rules = rules;
        this.world = world;
        this.ids = new SortableIds(world.clock(), world.random());
        this.book = new TaskBook(rules, placesOf(means.agents()));
        this.news = new TaskNews(means.events());
        this.attempts = new Attempt(
                means.store(),
                means.turns(),
                means.targets(),
                new PatientStore(means.store(), world.stopwatch(), stop),
                rules.retry(),
                world,
                news::tell);
        this.work = new TaskWork(book, attempts, world);
    }

    /** One place of each agent stays free, as long as there is more than one: conversations go first. */
    private static ToIntFunction<String> placesOf(Agents agents) {
        var places = new HashMap<String, Integer>();
        agents.status().forEach(each -> places.put(each.id(), Math.max(1, each.maxConcurrent() - 1)));
        return agent -> places.getOrDefault(agent, 1);
    }

    /**
     * Takes up what had not ended when the hub ran last. Called once, before any other method.
     *
     * @param latest how far the hub's time had come then
     */
    public void start(Instant latest) throws InterruptedException {
        ids.startAfter(latest.plus(Duration.ofMinutes(1)));
        int found = takeUp();
        if (found > 0) {
            log.info("Took up {} tasks that had not ended", found);
        }
        nextTick();
    }

    /**
     * Takes a task; returns when it is on disk.
     *
     * @throws TaskRefused if it was not taken
     * @throws StoreException if it could not be stored
     */
    public Created create(TaskRequest request) throws TaskRefused, InterruptedException {
        check(request);
        takePlace();
        try {
            return store(request);
        } catch (StoreException denied) {
            isMissing = true;
            throw denied;
        } finally {
            book.leavePlace();
        }
    }

    /** A task; empty if there is none. */
    public Optional<Task> get(String taskId) throws InterruptedException {
        return means.store().task(taskId).map(Task::of);
    }

    /** Newest first. */
    public Page<Task> list(TaskFilter filter, int limit, Optional<String> cursor) throws InterruptedException {
        Page<StoredTask> page = means.store().tasks(filter, limit, cursor);
        return new Page<>(page.items().stream().map(Task::of).toList(), page.next());
    }

    /**
     * Ends a task for good; one that has ended stays as it is. Its agent is interrupted, and whatever it still does reaches nobody.
     *
     * @return empty if there is none
     */
    public Optional<Task> cancel(String taskId) throws InterruptedException {
        OpenTask task = book.find(taskId);
        if (task != null) {
            end(task, TaskState.CANCELLED, null);
        }
        return get(taskId);
    }

    /** How many have not ended. */
    public int openCount() {
        return book.size();
    }

    /**
     * Takes and begins nothing any more. What runs may come to its end, a few seconds long; then it is put back into the queue, and
     * the attempt is not counted.
     *
     * @return false if something still runs
     */
    public boolean drain(Duration wait) throws InterruptedException {
        book.stop();
        long end = world.stopwatch().nanos() + wait.toNanos();
        boolean isQuiet = world.stopwatch().await(book.quiet(), wait.compareTo(LAST_WAIT) < 0 ? wait : LAST_WAIT);
        if (!isQuiet) {
            work.giveUp();
            long left = Math.max(end - world.stopwatch().nanos(), LAST_WAIT.toNanos());
            isQuiet = world.stopwatch().await(book.quiet(), Duration.ofNanos(left));
        }
        stop.countDown();
        return isQuiet;
    }

    // ---- taking

    private void check(TaskRequest request) throws TaskRefused {
        if (!means.agents().knows(request.agentId())) {
            throw invalid("agent_id", "there is no agent \"" + request.agentId() + "\"");
        }
        if (request.retries().isPresent()
                && request.retries().get() > rules.retry().size()) {
            throw invalid("retries", "is more than the " + rules.retry().size() + " waits that tasks.retry has");
        }
        if (request.deliver().equals(Target.ASKER) && request.session().isEmpty()) {
            throw invalid("deliver", "session needs session_key");
        }
        try {
            means.targets().check(request.deliver());
        } catch (IllegalArgumentException unknown) {
            throw invalid("deliver", String.valueOf(unknown.getMessage()));
        }
    }

    private void takePlace() throws TaskRefused {
        switch (book.takePlace()) {
            case THERE_IS -> {}
            case FULL ->
                throw new TaskRefused(
                        TaskRefused.Reason.FULL,
                        null,
                        book.size() + " tasks have not ended; try again later, or raise tasks.queue-limit");
            case STOPPING -> throw new TaskRefused(TaskRefused.Reason.SHUTTING_DOWN, null, "the hub is shutting down");
        }
    }

    private Created store(TaskRequest request) throws TaskRefused, InterruptedException {
        String id = ids.next();
        SessionKey session = request.session().orElseGet(() -> SessionKey.task(request.agentId(), id));
        var body = new TaskBody(
                request.text(),
                request.deliver(),
                request.timeout(),
                request.retries().orElse(rules.retry().size()),
                Optional.empty());
        Instant now = now();
        Instant expiresAt = now.plus(rules.ttl());
        Accepted accepted = means.store()
                .createTask(
                        new NewTask(id, request.agentId(), session.toString(), body.toJson(), now, expiresAt),
                        request.dedup(now));
        if (!accepted.sameContent()) {
            throw invalid("idempotency_key", "the key was used before with other parameters");
        }
        if (accepted.duplicate()) {
            Optional<StoredTask> earlier = means.store().task(accepted.messageId());
            if (earlier.isEmpty()) {
                throw invalid("idempotency_key", "the task of this key has ended and is not kept any more");
            }
            adopt(earlier.get());
            return new Created(Task.of(earlier.get()), true);
        }
        var task = new OpenTask(id, session, now, expiresAt, TaskStanding.NEW);
        news.tell(task);
        adopt(task);
        return new Created(
                new Task(
                        id,
                        request.agentId(),
                        session.toString(),
                        request.text(),
                        Optional.empty(),
                        now,
                        TaskStanding.NEW),
                false);
    }

    /** Brings tasks on disk to the book that are not in it; how many. */
    private int takeUp() throws InterruptedException {
        int found = 0;
        List<StoredTask> page = means.store().openTasks(0, PAGE);
        while (!page.isEmpty()) {
            for (StoredTask each : page) {
                found += adopt(each) ? 1 : 0;
            }
            page = means.store().openTasks(page.getLast().seq(), PAGE);
        }
        return found;
    }

    private boolean adopt(StoredTask stored) throws InterruptedException {
        if (!stored.standing().state().isOpen() || book.find(stored.taskId()) != null) {
            return false;
        }
        SessionKey session;
        try {
            session = SessionKey.parse(stored.sessionKey());
        } catch (IllegalArgumentException impossible) {
            log.error("Task {} names no session: {}", stored.taskId(), impossible.getMessage());
            return false;
        }
        var task = new OpenTask(stored.taskId(), session, stored.createdAt(), stored.expiresAt(), stored.standing());
        // Cut by a kill: it waits again. The attempt counts, and is no failure.
        attempts.change(
                task,
                before -> before.state() != TaskState.RUNNING
                        ? null
                        : new TaskStanding(
                                TaskState.QUEUED,
                                before.attempts(),
                                before.failures(),
                                0,
                                null,
                                before.error(),
                                before.startedAt(),
                                null,
                                null));
        return adopt(task);
    }

    private boolean adopt(OpenTask task) {
        boolean isNew = book.add(task);
        if (isNew) {
            work.queue(task);
        }
        return isNew;
    }

    // ---- ending

    private void end(OpenTask task, TaskState state, @Nullable String error) throws InterruptedException {
        try {
            if (task.change(before -> attempts.ended(before, state, error), means.store()::changeTask)) {
                news.tell(task);
            }
        } catch (StoreException conflict) {
            if (conflict.kind() != StoreException.Kind.CONFLICT) {
                throw conflict;
            }
            // It has come to its own end in this very moment, or was set aside.
        }
        task.halt().call();
        book.remove(task);
    }

    // ---- once a second

    private void nextTick() {
        world.alarm().at(world.clock().instant().plus(TICK), () -> {
            if (stop.getCount() > 0) {
                world.threads().execute(() -> {
                    quietly(this::tidy);
                    nextTick();
                });
            }
        });
    }

    private void tidy() throws InterruptedException {
        Instant now = world.clock().instant();
        for (OpenTask each : book.late(now)) {
            end(each, TaskState.EXPIRED, "its time ran out");
        }
        if (isMissing) {
            isMissing = false;
            takeUp();
        }
        if (ticks++ % PRUNE_TICKS == 0) {
            while (means.store().pruneTasks(rules.keep(), now)) {
                log.debug("More ended tasks go");
            }
        }
    }

    /** Something that a person may do without for a second. */
    @FunctionalInterface
    private interface Chore {
        void run() throws InterruptedException;
    }

    private void quietly(Chore chore) {
        try {
            chore.run();
        } catch (StoreException later) {
            if (later.kind() != StoreException.Kind.CONFLICT) {
                told.tell(more -> log.warn("Tasks wait for the store{}: {}", more, later.getMessage()));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            log.error("Something about tasks broke", bug);
        }
    }

    private Instant now() {
        return world.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static TaskRefused invalid(String parameter, String why) {
        return new TaskRefused(TaskRefused.Reason.INVALID, parameter, why);
    }
}
