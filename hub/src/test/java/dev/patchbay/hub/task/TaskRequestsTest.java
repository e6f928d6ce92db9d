package dev.patchbay.hub.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Reply;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.TaskFilter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Which tasks are taken. */
class TaskRequestsTest extends TaskFixture {
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

    private void refused(String parameter, TaskRequest request) {
        assertThatThrownBy(() -> tasks.create(request)).isInstanceOfSatisfying(TaskRefused.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(TaskRefused.Reason.INVALID);
            assertThat(refusal.parameter()).isEqualTo(parameter);
        });
    }
}
