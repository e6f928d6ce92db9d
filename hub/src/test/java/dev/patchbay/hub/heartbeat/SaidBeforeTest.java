package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SaidBeforeTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void aTextIsKnownForADay() {
        // Given
        SaidBefore said = SaidBefore.NOTHING.with("The disk is full", NOW);

        // Then
        assertThat(said.knows("The disk is full", NOW)).isTrue();
        assertThat(said.knows("The disk is full", NOW.plus(Duration.ofHours(24)).minusMillis(1)))
                .isTrue();
        assertThat(said.knows("The disk is full", NOW.plus(Duration.ofHours(24))))
                .isFalse();
    }

    @Test
    void otherTextsInBetweenDoNotMakeItForgotten() {
        // Given
        SaidBefore said = SaidBefore.NOTHING.with("A", NOW).with("B", NOW.plusSeconds(60));

        // Then
        assertThat(said.knows("A", NOW.plusSeconds(120))).isTrue();
    }

    @Test
    void howItIsSpacedMakesNoDifference() {
        assertThat(SaidBefore.NOTHING.with("The disk\n is full ", NOW).knows("The disk is full", NOW))
                .isTrue();
    }

    @Test
    void ofVeryManyTheOldestAreForgotten() {
        // Given
        SaidBefore said = SaidBefore.NOTHING;
        for (int i = 0; i <= SaidBefore.MAX; i++) {
            said = said.with("text " + i, NOW.plusSeconds(i));
        }

        // Then
        assertThat(said.texts()).hasSize(SaidBefore.MAX);
        assertThat(said.knows("text 0", NOW.plusSeconds(300))).isFalse();
        assertThat(said.knows("text 1", NOW.plusSeconds(300))).isTrue();
    }
}
