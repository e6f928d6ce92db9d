package dev.patchbay.hub.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ByteBudgetTest {
    private static final Duration NOW = Duration.ZERO;
    private final ByteBudget budget = new ByteBudget(10 << 20);

    @Test
    void smallThingsAreFreeEvenWhenNothingIsLeft() throws Exception {
        // Given
        ByteBudget.Share all = budget.await(10 << 20);

        // When
        ByteBudget.Share small = budget.take(ByteBudget.FREE_BYTES, NOW);
        ByteBudget.Share big = budget.take(ByteBudget.FREE_BYTES + 1, NOW);

        // Then
        assertThat(small).isNotNull();
        assertThat(big).isNull();
        all.close();
        assertThat(budget.take(ByteBudget.FREE_BYTES + 1, NOW)).isNotNull();
    }

    @Test
    void whatIsLargerThanAllOfItGetsAllOfIt() throws Exception {
        // When
        ByteBudget.Share huge = budget.take(1L << 40, NOW);

        // Then
        assertThat(huge).isNotNull();
        assertThat(budget.left()).isZero();
    }

    @Test
    void aThingThatGrowsPaysTheDifferenceAndGivesAllBackOnce() throws Exception {
        // Given
        ByteBudget.Share share = Objects.requireNonNull(budget.take(1 << 20, NOW));

        // When
        boolean grown = share.grow(4 << 20, NOW);
        long left = budget.left();
        boolean tooFar = share.grow(1 << 30, NOW);
        share.close();
        share.close();

        // Then
        assertThat(grown).isTrue();
        assertThat(left).isEqualTo(6 << 20);
        assertThat(tooFar).as("more than there is takes what there is").isTrue();
        assertThat(budget.left()).isEqualTo(10 << 20);
    }

    @Test
    void whoWaitsIsServedWhenRoomIsGivenBack() throws Exception {
        // Given
        ByteBudget.Share first = budget.await(8 << 20);
        Thread waiting = Thread.ofVirtual().start(() -> {
            try (ByteBudget.Share second = budget.await(8 << 20)) {
                assertThat(second).isNotNull();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });

        // When
        first.close();

        // Then
        waiting.join();
        assertThat(budget.left()).isEqualTo(10 << 20);
    }
}
