package dev.patchbay.hub.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.NewTask;
import dev.patchbay.hub.store.TaskChange;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How often a task is tried, also when the hub stops or dies in between. */
class TaskAttemptsTest extends TaskFixture {
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
    void withoutATimeoutOfItsOwnATaskTakesAsLongAsItNeedsWhateverItsAgentHasForTurns() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            var unused = new CountDownLatch(1).await(60, TimeUnit.MILLISECONDS);
            return Reply.text("printed");
        };

        // When
        String id = tasks.create(request("hasty", "print", Optional.empty(), Target.NOBODY, Optional.of(0), null))
                .task()
                .taskId();
        world.settle();

        // Then
        assertThat(task(id).standing().state()).isEqualTo(TaskState.DONE);
        assertThat(task(id).standing().attempts()).isEqualTo(1);
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
}
