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
    void originsAreServedInTurnAndEachInItsOrder() {
        // Given
        var queue = new FairQueue<String>(10);
        put(queue, "a", 3);
        put(queue, "b", 2);
        put(queue, "c", 1);

        // When
        var taken = new ArrayList<String>();
        queue.drainTo(taken, 10);

        // Then
        assertThat(taken).containsExactly("a-0", "b-0", "c-0", "a-1", "b-1", "a-2");
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

    private static void put(FairQueue<String> queue, String origin, int count) {
        for (int i = 0; i < count; i++) {
            String entry = origin + "-" + i;
            assertThat(Origin.<Boolean, RuntimeException, RuntimeException>as(origin, () -> queue.offer(entry)))
                    .isTrue();
        }
    }
}
