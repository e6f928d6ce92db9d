package dev.patchbay.hub.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Reply;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.TaskFilter;
import dev.patchbay.hub.store.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work in the background, from its acceptance to its end. */
class TasksTest extends TaskFixture {
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

    /** Who writes it asks for its moment on a thread that may be later than the time that has passed: in small steps, and few. */
    private void awaitNote(String id, String note) throws InterruptedException {
        var moment = new CountDownLatch(1);
        while (!note.equals(task(id).standing().note())) {
            world.skip(Duration.ofSeconds(1));
            var unused = moment.await(10, TimeUnit.MILLISECONDS);
        }
    }
}
