package dev.patchbay.hub.task;

import dev.patchbay.api.ReplySink;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.failpoint.Place;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.session.Address;
import dev.patchbay.hub.session.OwnTurns;
import dev.patchbay.hub.session.OwnTurns.OwnTurn;
import dev.patchbay.hub.session.PatientStore;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.TaskChange;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import dev.patchbay.hub.usage.Bill;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a task, from the note that it begins to the commit of what came of it. For the thread of the attempt; used for many
 * attempts at once.
 */
final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final Store store;
    private final OwnTurns turns;
    private final Targets targets;
    private final PatientStore patience;
    private final List<Duration> retry;
    private final World world;
    private final Report report;

    /** Who is told. */
    interface Report {
        /** It has come further, which is on disk. */
        void changed(OpenTask task) throws InterruptedException;
    }

    Attempt(
            Store store,
            OwnTurns turns,
            Targets targets,
            PatientStore patience,
            List<Duration> retry,
            World world,
            Report report) {
        this.store = store;
        this.turns = turns;
        this.targets = targets;
        this.patience = patience;
        this.retry = retry;
        this.world = world;
        this.report = report;
    }

    /** Runs to the end of the attempt, or until it is halted; then the task is as whoever has halted it has left it. */
    void run(OpenTask task) throws InterruptedException {
        task.begins();
        if (!change(task, this::begun)) {
            return;
        }
        world.failPoints().reach(Place.TASK_BEGUN);
        Optional<TaskBody> body =
                insist(task, () -> store.task(task.taskId())).map(stored -> TaskBody.fromJson(stored.body()));
        if (body.isEmpty()) {
            return;
        }
        try (Bill bill = turns.bill()) {
            work(task, body.get(), bill);
        }
    }

    private void work(OpenTask task, TaskBody body, Bill bill) throws InterruptedException {
        var turn = new OwnTurn(
                task.taskId(),
                task.session(),
                body.text(),
                task.createdAt(),
                Optional.empty(),
                Map.of("task_id", task.taskId()),
                bill);
        Duration most = body.timeout().orElse(Agents.UNLIMITED);
        Optional<TurnResult> result = turns.ask(turn, listening(task), most, task.halt());
        world.failPoints().reach(Place.TASK_ASKED);
        if (result.isPresent()) {
            over(task, body, turn, result.get());
        }
    }

    /** The hub itself has broken the attempt: as if its agent had. */
    void broke(OpenTask task, Throwable bug) throws InterruptedException {
        String reason = "the hub broke: " + bug.getClass().getSimpleName();
        change(
                task,
                before -> before.state() != TaskState.RUNNING
                        ? null
                        : before.failures() < retry.size()
                                ? retrying(before, reason)
                                : ended(before, TaskState.FAILED, reason));
    }

    /** The attempt was taken back by the hub, and is not counted. */
    void putBack(OpenTask task) throws InterruptedException {
        change(
                task,
                before -> before.state() != TaskState.RUNNING
                        ? null
                        : new TaskStanding(
                                TaskState.QUEUED,
                                before.attempts() - 1,
                                before.failures(),
                                0,
                                null,
                                before.error(),
                                before.attempts() == 1 ? null : before.startedAt(),
                                null,
                                null));
    }

    private void over(OpenTask task, TaskBody body, OwnTurn turn, TurnResult result) throws InterruptedException {
        TaskStanding before = task.standing();
        if (result instanceof TurnResult.Failed failed && before.failures() < body.retries()) {
            change(task, now -> now.state() == TaskState.RUNNING ? retrying(now, failed.reason()) : null);
            return;
        }
        TaskChange change =
                switch (result) {
                    case TurnResult.Failed failed ->
                        new TaskChange(task.taskId(), ended(before, TaskState.FAILED, failed.reason()));
                    case TurnResult.Answered answered -> done(task, before, body.with(answered.text()));
                    case TurnResult.Silent silent -> done(task, before, body.with(""));
                };
        Optional<Address> to = insist(task, () -> targets.now(body.deliver(), task.session()));
        if (turns.end(turn.to(to), result, Besides.task(change)).isPresent()) {
            task.ended(change.standing());
            report.changed(task);
        } else {
            // Cancelled or expired meanwhile, as a rule; then this changes nothing.
            change(task, now -> ended(now, TaskState.FAILED, "a turn of this id has ended before"));
        }
    }

    private TaskChange done(OpenTask task, TaskStanding before, TaskBody body) {
        return new TaskChange(task.taskId(), ended(before, TaskState.DONE, null), Optional.of(body.toJson()));
    }

    private TaskStanding begun(TaskStanding before) {
        return new TaskStanding(
                TaskState.RUNNING,
                before.attempts() + 1,
                before.failures(),
                0,
                null,
                before.error(),
                before.startedAt() == null ? now() : before.startedAt(),
                null,
                null);
    }

    private TaskStanding retrying(TaskStanding before, String error) {
        Duration pause = retry.get(Math.min(before.failures(), retry.size() - 1));
        return new TaskStanding(
                TaskState.RETRYING,
                before.attempts(),
                before.failures() + 1,
                before.progress(),
                before.note(),
                error,
                before.startedAt(),
                now().plus(pause),
                null);
    }

    /** How a task stands that has ended in one way or another. */
    TaskStanding ended(TaskStanding before, TaskState state, @Nullable String error) {
        return new TaskStanding(
                state,
                before.attempts(),
                before.failures() + (state == TaskState.FAILED ? 1 : 0),
                state == TaskState.DONE ? 100 : before.progress(),
                before.note(),
                error,
                before.startedAt(),
                null,
                now());
    }

    /** Takes a step as soon as the store takes it; false if the task stays as it is. */
    boolean change(OpenTask task, OpenTask.Step step) throws InterruptedException {
        boolean isChanged = insist(task, () -> task.change(step, store::changeTask));
        if (isChanged) {
            report.changed(task);
        }
        return isChanged;
    }

    private <T> T insist(OpenTask task, PatientStore.Work<T> work) throws InterruptedException {
        return patience.insist("Task " + task.taskId(), work);
    }

    private ReplySink listening(OpenTask task) {
        return new ReplySink() {
            @Override
            public void delta(String text) {
                // Nobody watches; the answer comes as a whole.
            }

            @Override
            public void progress(int percent, @Nullable String note) {
                Instant due = task.heard(percent, note, world.clock().instant());
                if (due != null) {
                    world.alarm().at(due, () -> world.threads().execute(() -> writeProgress(task)));
                }
            }
        };
    }

    private void writeProgress(OpenTask task) {
        try {
            if (task.change(task::withProgress, store::changeTask)) {
                report.changed(task);
            }
        } catch (StoreException unimportant) {
            log.debug("Progress of task {} is not stored: {}", task.taskId(), unimportant.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Instant now() {
        return world.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
