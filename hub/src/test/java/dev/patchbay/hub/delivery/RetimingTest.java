package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Times of a last run whose clock was another one. */
class RetimingTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration TTL = Duration.ofDays(7);

    @Test
    void withTheSameClockNothingChanges() {
        var ref = ref(NOW.minusSeconds(60), NOW.plusSeconds(20));

        assertThat(new Retiming(NOW.minusSeconds(5), NOW).of(ref)).isSameAs(ref);
    }

    @Test
    void aMessageOfAClockThatWasDaysAheadWaitsAsLongAsItStillHadTo() {
        // Given
        Instant then = NOW.plus(Duration.ofDays(30));

        // When
        DeliveryRef read = new Retiming(then, NOW).of(ref(then.minusSeconds(60), then.plusSeconds(20)));

        // Then
        assertThat(read.nextAttemptAt()).isEqualTo(NOW.plusSeconds(20));
        assertThat(read.createdAt()).isEqualTo(NOW);
        assertThat(read.expiresAt()).isEqualTo(NOW.plus(TTL));
    }

    @Test
    void onlyThePauseOfAnOlderMessageIsReckonedAnew() {
        // Given
        Instant then = NOW.plus(Duration.ofDays(30));
        Instant created = NOW.minus(Duration.ofDays(1));

        // When
        DeliveryRef read = new Retiming(then, NOW).of(ref(created, then.plusSeconds(20)));

        // Then
        assertThat(read.nextAttemptAt()).isEqualTo(NOW.plusSeconds(20));
        assertThat(read.expiresAt()).isEqualTo(created.plus(TTL));
    }

    @Test
    void aMessageOfAMachineWithoutAClockDoesNotExpireAtOnce() {
        // Given
        Instant then = Instant.parse("1970-01-01T00:03:00Z");

        // When
        DeliveryRef read = new Retiming(then, NOW).of(ref(then, then.plusSeconds(20)));

        // Then
        assertThat(read.expiresAt()).isEqualTo(NOW.plus(TTL));
        assertThat(read.nextAttemptAt()).isEqualTo(NOW);
    }

    @Test
    void aPlatformThatAskedForAPauseIsNotLeftAloneForDays() {
        // Given
        Instant then = NOW.plus(Duration.ofDays(30));

        // When
        PaceNote read = new Retiming(then, NOW).of(new PaceNote(then.plusSeconds(7), 2, then));

        // Then
        assertThat(read).isEqualTo(new PaceNote(NOW.plusSeconds(7), 2, NOW));
    }

    private static DeliveryRef ref(Instant created, Instant next) {
        return new DeliveryRef(
                1,
                "d1",
                new LaneKey("webhook", "default", "direct", "anna", null),
                DeliveryState.PENDING,
                1,
                1,
                0,
                next,
                created,
                created.plus(TTL),
                false,
                false,
                5);
    }
}
