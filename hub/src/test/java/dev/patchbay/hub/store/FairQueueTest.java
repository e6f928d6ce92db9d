package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.lane.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    @Test
    void whoPutsInOneWaitsForNobodysThousand() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "flood", 1_000);

        // When
        put(queue, "calm", 1);

        // Then
        assertThat(List.of(queue.poll(0), queue.poll(0))).containsExactly("flood-0", "calm-0");
    }

    @Test
    void originsAreServedInTurnAndEachInItsOrder() throws Exception {
        // Given
        var queue = new FairQueue<String>(10);
        put(queue, "a", 3);
        put(queue, "b", 2);
        put(queue, "c", 1);

        // When
        List<String> taken = queue.pollBatch(0, 10);

        // Then
        assertThat(taken).containsExactly("a-0", "b-0", "c-0", "a-1", "b-1", "a-2");
    }

    @Test
    void whoIsAloneGetsWholeBatches() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "flood", 1_000);
        put(queue, "flood, too", 1_000);

        // Then
        assertThat(queue.pollBatch(0, 32)).hasSize(32);
    }

    @Test
    void whoIsAloneWithTheHubItselfGetsWholeBatches() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "flood", 100);
        put(queue, Origin.HUB, 1);

        // Then
        assertThat(queue.pollBatch(0, 32)).hasSize(32);
    }

    @Test
    void nobodyIsAnotherToHimselfBecauseHeHadLittleBefore() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "alone", 10);
        queue.pollBatch(0, 32);
        put(queue, "alone", 100);

        // Then
        assertThat(queue.pollBatch(0, 32)).hasSize(32);
    }

    @Test
    void thoseWhoCrowdGetFewPlacesBesideOthersAndEachAsMany() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "flood", 100);
        put(queue, "calm", 3);
        put(queue, "flood, too", 100);

        // When
        List<String> taken = queue.pollBatch(0, 32);

        // Then
        assertThat(taken).filteredOn(each -> each.startsWith("flood-")).hasSize(2);
        assertThat(taken).filteredOn(each -> each.startsWith("flood, too-")).hasSize(2);
        assertThat(taken).filteredOn(each -> each.startsWith("calm-")).containsExactly("calm-0", "calm-1", "calm-2");
    }

    @Test
    void manyWhoWantLittleFillABatch() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "flood", 100);
        for (int i = 0; i < 100; i++) {
            put(queue, "one of many " + i, 1);
        }

        // Then
        assertThat(queue.pollBatch(0, 32)).hasSize(32);
    }

    @Test
    void somebodyWhoWasThereIsRememberedForAWhile() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "flood", 1_900);
        put(queue, "calm", 1);

        // When
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 66; i++) {
            sizes.add(queue.pollBatch(0, 32).size());
        }

        // Then
        assertThat(sizes.getFirst()).isEqualTo(5);
        assertThat(sizes.subList(1, 64)).containsOnly(4);
        assertThat(sizes.subList(64, 66)).containsOnly(32);
    }

    @Test
    void theirTurnsGoOnWhereTheBatchBeforeHasEnded() throws Exception {
        // Given
        var queue = new FairQueue<String>(2_000);
        put(queue, "a", 50);
        put(queue, "b", 50);
        put(queue, "c", 50);
        put(queue, "calm", 1);

        // When
        queue.pollBatch(0, 32);

        // Then
        assertThat(queue.pollBatch(0, 32)).startsWith("b-1", "c-1", "a-2");
    }

    @Test
    void aFullQueueTakesNothingUntilSomethingIsTaken() throws Exception {
        // Given
        var queue = new FairQueue<String>(2);
        put(queue, "a", 2);

        // Then
        assertThat(queue.offer("late", 1)).isFalse();
        assertThat(queue.offer("late")).isFalse();
        assertThat(queue.poll()).isEqualTo("a-0");
        assertThat(queue.offer("in time", 1)).isTrue();
    }

    @Test
    void whoWaitsForRoomGetsIt() throws Exception {
        // Given
        var queue = new FairQueue<String>(1);
        put(queue, "a", 1);
        var waiter = Thread.ofVirtual().start(() -> {
            try {
                queue.offer("patient", 60_000);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });

        // When
        var taken = new ArrayList<String>();
        taken.add(queue.poll(60_000));
        taken.add(queue.poll(60_000));

        // Then
        assertThat(taken).containsExactly("a-0", "patient");
        waiter.join();
    }

    @Test
    void anEmptyQueueAnswersNothing() throws Exception {
        // Given
        var queue = new FairQueue<String>(1);

        // Then
        assertThat(queue.poll()).isNull();
        assertThat(queue.poll(1)).isNull();
    }

    private static void put(FairQueue<String> queue, Object origin, int count) {
        for (int i = 0; i < count; i++) {
            String entry = origin + "-" + i;
            assertThat(Origin.<Boolean, RuntimeException, RuntimeException>as(origin, () -> queue.offer(entry)))
                    .isTrue();
        }
    }
}
