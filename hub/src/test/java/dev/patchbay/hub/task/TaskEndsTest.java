package dev.patchbay.hub.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Reply;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.TaskState;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tasks that end before they are done: by somebody, or by their time. */
class TaskEndsTest extends TaskFixture {
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
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
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

    /** Moves time on while agents work, for whom {@link TestWorld#advance} would wait. */
    private void pass(Duration time) throws InterruptedException {
        world.skip(time);
    }

    private boolean isOpen(String id) throws InterruptedException {
        return task(id).standing().state().isOpen();
    }
}
