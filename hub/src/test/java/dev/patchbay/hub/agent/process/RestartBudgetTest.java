package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    /** Moments of {@link System#nanoTime} may be negative, and may overflow. */
    private long now = Long.MAX_VALUE - 100 * SECOND;

    @Test
    void theFirstRestartIsAtOnceAndFurtherOnesWaitLongerAndLonger() {
        // Given
        var budget = new RestartBudget(100, Duration.ofHours(1));

        // When
        var waits = new ArrayList<Long>();
        for (int i = 0; i < 10; i++) {
            waits.add(lose(budget) / SECOND);
        }

        // Then
        assertThat(waits).isEqualTo(List.of(0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L));
    }

    @Test
    void aWorkerThatWorkedMakesTheNextLossAFirstOne() {
        // Given
        var budget = new RestartBudget(100, Duration.ofHours(1));
        lose(budget);
        lose(budget);

        // When
        budget.worked();

        // Then
        assertThat(lose(budget)).isZero();
    }

    @Test
    void anHourHoldsSoManyRestartsAndNoMore() {
        // Given
        var budget = new RestartBudget(10, Duration.ofHours(1));
        long first = now;
        for (int i = 0; i < 10; i++) {
            budget.worked();
            lose(budget);
            now += SECOND;
        }

        // When
        budget.lost(now);

        // Then
        assertThat(budget.isUsedUp(now)).isTrue();
        assertThat(budget.waitNanos(now)).isEqualTo(first + HOUR - now);
        assertThat(budget.isUsedUp(first + HOUR)).isFalse();
        assertThat(budget.waitNanos(first + HOUR)).isZero();
        assertThat(budget.within(first + HOUR)).isEqualTo(9);
    }

    @Test
    void startingOneMoreIsNoRestart() {
        // Given
        var budget = new RestartBudget(1, Duration.ofHours(1));

        // When
        for (int i = 0; i < 20; i++) {
            budget.started(now);
        }

        // Then
        assertThat(budget.within(now)).isZero();
        assertThat(budget.isUsedUp(now)).isFalse();
    }

    /** Loses a worker and starts the next as soon as that is allowed; how long it had to wait. */
    private long lose(RestartBudget budget) {
        budget.lost(now);
        long wait = budget.waitNanos(now);
        now += wait;
        budget.started(now);
        return wait;
    }
}
