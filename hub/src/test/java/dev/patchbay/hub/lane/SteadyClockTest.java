package dev.patchbay.hub.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private Instant wall = START;
    private long nanos = 5_000_000_000L;
    private long asleep = 77_000_000_000L;
    private final SteadyClock clock;

    SteadyClockTest() {
        clock = new SteadyClock(() -> wall, () -> nanos, () -> asleep);
    }

    @Test
    void itGoesOnAsTimePasses() {
        // When
        pass(Duration.ofMinutes(10));

        // Then
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofMinutes(10)));
        assertThat(clock.wallAhead()).isZero();
    }

    @Test
    void anHourBackHoldsNothingBack() {
        // When
        wall = wall.minus(Duration.ofHours(1));
        pass(Duration.ofMinutes(10));

        // Then
        assertThat(Duration.between(START, clock.instant()))
                .isBetween(Duration.ofMinutes(10).minusMillis(301), Duration.ofMinutes(10));
        assertThat(clock.wallAhead()).isBetween(Duration.ofHours(-1), Duration.ofMinutes(-59));
    }

    @Test
    void thirtyDaysAheadLetNothingExpire() {
        // When
        wall = wall.plus(Duration.ofDays(30));
        pass(Duration.ofMinutes(10));

        // Then
        assertThat(Duration.between(START, clock.instant()))
                .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(10).plusMillis(301));
    }

    @Test
    void aClockThatRunsATouchFastIsFollowedForYears() {
        // When
        for (int day = 0; day < 400; day++) {
            for (int i = 0; i < 24; i++) {
                nanos += Duration.ofHours(1).toNanos();
                wall = wall.plus(Duration.ofHours(1)).plusMillis(720);
                clock.instant();
            }
        }

        // Then
        assertThat(Duration.between(clock.instant(), wall).abs()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void sleepOfTheMachineIsTimeThatPassed() {
        // When
        wall = wall.plus(Duration.ofHours(8));
        asleep += Duration.ofHours(8).toNanos();
        pass(Duration.ofSeconds(1));

        // Then
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(8)).plusSeconds(1));
        assertThat(clock.wallAhead().abs()).isLessThan(Duration.ofMillis(1));
    }

    @Test
    void itNeverGoesBackWhateverTheWallDoes() {
        var random = new Random(42);
        Instant before = clock.instant();
        for (int i = 0; i < 100_000; i++) {
            nanos += random.nextInt(3) == 0 ? random.nextLong(200_000_000) : random.nextLong(3_000);
            wall = switch (random.nextInt(50)) {
                case 0 -> wall.plusSeconds(random.nextLong(100_000));
                case 1 -> wall.minusSeconds(random.nextLong(100_000));
                case 2 -> Instant.EPOCH;
                case 3 -> START;
                default -> wall;
            };
            Instant now = clock.instant();
            assertThat(now).isAfterOrEqualTo(before);
            before = now;
        }
    }

    private void pass(Duration time) {
        for (long i = 0; i < time.toMillis() / 100; i++) {
            nanos += 100_000_000;
            wall = wall.plusMillis(100);
            clock.instant();
        }
    }
}
