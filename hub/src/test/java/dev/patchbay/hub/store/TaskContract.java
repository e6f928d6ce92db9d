package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.key;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What agents work on in the background, and turns that no message has caused. */
abstract class TaskContract extends NoteContract {
    private static final TaskRetention ALL = new TaskRetention(Duration.ofDays(30), 1_000, 1_000_000);

    @Test
    void aTaskIsKeptOverARestartWithAllThatIsKnownOfIt() throws Exception {
        // Given
        create("t1", "main");
        var standing = new TaskStanding(TaskState.RETRYING, 2, 1, 40, "half", "ill", NOON, NOON.plusSeconds(60), null);
        store.changeTask(new TaskChange("t1", standing));

        // When
        reopen();

        // Then
        StoredTask task = store.task("t1").orElseThrow();
        assertThat(task.standing()).isEqualTo(standing);
        assertThat(task.agentId()).isEqualTo("main");
        assertThat(task.createdAt()).isEqualTo(NOON);
        assertThat(task.expiresAt()).isEqualTo(NOON.plusSeconds(7));
        assertThat(new String(task.body(), StandardCharsets.UTF_8)).isEqualTo("do t1");
        assertThat(store.openTasks(0, 10)).extracting(StoredTask::taskId).containsExactly("t1");
    }

    @Test
    void aTaskThatHasEndedStaysAsItIs() throws Exception {
        // Given
        create("t1", "main");
        end("t1", TaskState.CANCELLED, "");

        // When, Then
        assertThatThrownBy(() -> end("t1", TaskState.DONE, "late")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> end("t2", TaskState.DONE, "nobody")).isInstanceOf(StoreException.class);
        assertThat(store.task("t1").orElseThrow().standing().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(store.openTasks(0, 10)).isEmpty();
    }

    @Test
    void aRepeatedTaskIsRecognised() throws Exception {
        // Given
        DedupKey key = key("k", "print");
        store.createTask(task("t1", "main"), Optional.of(key));

        // When
        Accepted again = store.createTask(task("t2", "main"), Optional.of(key));
        Accepted other = store.createTask(task("t3", "main"), Optional.of(key("k", "other")));

        // Then
        assertThat(again).isEqualTo(new Accepted("t1", true, true));
        assertThat(other.sameContent()).isFalse();
        assertThat(store.task("t2")).isEmpty();
    }

    @Test
    void aLongResultTakesThePlaceOfTheBody() throws Exception {
        // Given
        create("t1", "main");
        String result = "好".repeat(700_000);

        // When
        end("t1", TaskState.DONE, result);
        reopen();

        // Then
        assertThat(new String(store.task("t1").orElseThrow().body(), StandardCharsets.UTF_8))
                .isEqualTo(result);
    }

    @Test
    void theListIsFilteredAndComesInPagesNewestFirst() throws Exception {
        // Given
        for (int i = 1; i <= 5; i++) {
            create("t" + i, i % 2 == 0 ? "other" : "main");
        }
        end("t3", TaskState.FAILED, "");

        // When
        Page<StoredTask> first = store.tasks(TaskFilter.ALL, 2, Optional.empty());
        Page<StoredTask> second = store.tasks(TaskFilter.ALL, 2, first.next());
        Page<StoredTask> third = store.tasks(TaskFilter.ALL, 2, second.next());

        // Then
        var all = new ArrayList<String>();
        for (Page<StoredTask> page : List.of(first, second, third)) {
            page.items().forEach(each -> all.add(each.taskId()));
        }
        assertThat(all).containsExactly("t5", "t4", "t3", "t2", "t1");
        assertThat(third.next()).isEmpty();
        assertThat(ids(new TaskFilter(Optional.of(TaskState.FAILED), Optional.empty(), Optional.empty())))
                .containsExactly("t3");
        assertThat(ids(new TaskFilter(Optional.empty(), Optional.of("other"), Optional.empty())))
                .containsExactly("t4", "t2");
        assertThat(ids(new TaskFilter(Optional.empty(), Optional.empty(), Optional.of("session of t1"))))
                .containsExactly("t1");
        assertThat(store.taskCounts()).isEqualTo(Map.of(TaskState.QUEUED, 4L, TaskState.FAILED, 1L));
    }

    @Test
    void theOldestEndedOnesGoWhenThereAreTooManyTooLargeOrTooOldOnes() throws Exception {
        // Given
        for (int i = 1; i <= 6; i++) {
            create("t" + i, "main");
        }
        for (int i : List.of(1, 2, 3, 4, 5)) {
            end("t" + i, TaskState.DONE, "12345");
        }

        // When, Then
        store.pruneTasks(ALL, NOON);
        assertThat(ids(TaskFilter.ALL)).hasSize(6);
        store.pruneTasks(new TaskRetention(Duration.ofDays(30), 4, 1_000), NOON);
        assertThat(ids(TaskFilter.ALL)).containsExactly("t6", "t5", "t4", "t3", "t2");
        store.pruneTasks(new TaskRetention(Duration.ofDays(30), 1_000, 12), NOON);
        assertThat(ids(TaskFilter.ALL)).containsExactly("t6", "t5", "t4");
        store.pruneTasks(ALL, NOON.plus(Duration.ofDays(40)));
        assertThat(ids(TaskFilter.ALL)).containsExactly("t6");
    }

    @Test
    void aTurnOfTheHubsOwnEndsTogetherWithItsTaskAndItsNotes() throws Exception {
        // Given
        create("t1", "main");
        TurnEnd end = turn("t1", "anna");
        var besides = new Besides(
                List.of(new StoredNote("s", "n", "1")), Optional.of(new TaskChange("t1", ended(TaskState.DONE))));

        // When
        TurnCommit commit = store.completeOwnTurn(end, besides);

        // Then
        assertThat(commit.lineSeqs()).hasSize(end.lines().size());
        assertThat(commit.deliverySeqs()).hasSize(end.deliveries().size());
        assertThat(store.task("t1").orElseThrow().standing().state()).isEqualTo(TaskState.DONE);
        assertThat(store.note("s", "n")).contains("1");
    }

    @Test
    void aTurnWhoseTaskHasEndedLeavesNothing() throws Exception {
        // Given
        create("t1", "main");
        end("t1", TaskState.CANCELLED, "");
        TurnEnd end = turn("t1", "anna");
        var besides = new Besides(
                List.of(new StoredNote("s", "n", "1")), Optional.of(new TaskChange("t1", ended(TaskState.DONE))));

        // When, Then
        assertThatThrownBy(() -> store.completeOwnTurn(end, besides)).isInstanceOf(StoreException.class);
        assertThat(store.line("t1")).isEmpty();
        assertThat(store.note("s", "n")).isEmpty();
        assertThat(store.openDeliveries(0, 10)).isEmpty();
    }

    @Test
    void aTurnOfTheHubsOwnEndsOnce() throws Exception {
        // Given
        TurnEnd end = turn("own", "anna");
        store.completeOwnTurn(end, Besides.NOTHING);
        var again = new TurnEnd("own", end.session(), end.lines(), List.of(delivery("another")));

        // When, Then
        assertThatThrownBy(() -> store.completeOwnTurn(again, Besides.notes(List.of(new StoredNote("s", "n", "1")))))
                .isInstanceOfSatisfying(StoreException.class, refusal -> assertThat(refusal.kind())
                        .isEqualTo(StoreException.Kind.CONFLICT));
        assertThat(store.note("s", "n")).isEmpty();
    }

    private List<String> ids(TaskFilter filter) throws InterruptedException {
        return store.tasks(filter, 100, Optional.empty()).items().stream()
                .map(StoredTask::taskId)
                .toList();
    }

    private void create(String id, String agent) throws InterruptedException {
        store.createTask(task(id, agent), Optional.empty());
    }

    private void end(String id, TaskState state, String result) throws InterruptedException {
        store.changeTask(new TaskChange(id, ended(state), Optional.of(result.getBytes(StandardCharsets.UTF_8))));
    }

    private static TaskStanding ended(TaskState state) {
        return new TaskStanding(state, 1, 0, 100, null, null, NOON, null, NOON);
    }

    private static NewTask task(String id, String agent) {
        return new NewTask(
                id,
                agent,
                "session of " + id,
                ("do " + id).getBytes(StandardCharsets.UTF_8),
                NOON,
                NOON.plusSeconds(7));
    }
}
