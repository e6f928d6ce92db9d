package dev.patchbay.hub.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.lane.TestWorld;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BudgetTalkTest {
    private final TestWorld world = new TestWorld();
    private final BudgetTalk talk = new BudgetTalk(world.clock());

    @Test
    void aPeerIsToldOnceAnHourHoweverOftenItAsks() throws Exception {
        // Given
        Admission.Spent spent = spent("2026-03-02T00:00:00Z");

        // When
        boolean first = talk.isToBeTold("a", spent);
        boolean second = talk.isToBeTold("a", spent);
        boolean other = talk.isToBeTold("b", spent);
        world.advance(Duration.ofMinutes(61));
        boolean later = talk.isToBeTold("a", spent);
        boolean nextBudget = talk.isToBeTold("a", spent("2026-04-01T00:00:00Z"));

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(other).isTrue();
        assertThat(later).isTrue();
        assertThat(nextBudget).isTrue();
    }

    private static Admission.Spent spent(String resetsAt) {
        return new Admission.Spent("main", Budget.DAILY, Amount.NONE, Amount.NONE, "USD", Instant.parse(resetsAt));
    }
}
