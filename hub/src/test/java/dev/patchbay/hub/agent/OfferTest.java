package dev.patchbay.hub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.AgentHost;
import dev.patchbay.api.Recollection;
import dev.patchbay.api.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What agents get when they ask the hub. */
class OfferTest {
    final List<String> asked = new ArrayList<>();
    final Recollection found =
            new Recollection("agent:main:main", "m1", "user", "a **word**", Instant.parse("2026-03-01T10:00:00Z"), 1.5);
    final AgentHost host = new Offer(
                    (turn, query, limit) -> {
                        asked.add(turn.sessionKey() + " " + query + " " + limit);
                        return List.of(found);
                    },
                    Offer.NOTHING.files())
            .to(Turns.spec("main", "scripted").build());
    final Turn turn = Turns.turn("hello");

    @Test
    void aQuestionReachesTheHubsMemoryWithTheTurnItIsAskedFor() throws Exception {
        // When
        List<Recollection> answer = host.recall(turn, "word", 5);

        // Then
        assertThat(answer).containsExactly(found);
        assertThat(asked).containsExactly(turn.sessionKey() + " word 5");
    }

    @Test
    void aBlankQuestionFindsNothingAndALimitOutOfRangeIsAnError() throws Exception {
        assertThat(host.recall(turn, "  ", 5)).isEmpty();
        assertThatThrownBy(() -> host.recall(turn, "word", 0)).hasMessageContaining("between 1 and 100");
        assertThatThrownBy(() -> host.recall(turn, "word", 101)).hasMessageContaining("between 1 and 100");
        assertThat(asked).isEmpty();
    }

    @Test
    void theTimeLimitIsTheAgentsOwn() {
        assertThat(host.timeout())
                .isEqualTo(Turns.spec("main", "scripted").build().timeout())
                .isGreaterThan(Duration.ZERO);
    }
}
