package dev.patchbay.plugin.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private final BackOff backOff = new BackOff();

    @Test
    void waitsGrowToHalfAMinute() {
        var waits = IntStream.range(0, 8).mapToObj(_ -> backOff.next().toSeconds());

        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void aServerThatComesBackIsNoticedWithinFiveSecondsHoweverLongItWasAway() {
        IntStream.range(0, 1_000).forEach(_ -> backOff.nextForServer());

        assertThat(backOff.nextForServer()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void whatWorkedBeginsAnew() {
        backOff.next();
        backOff.next();

        backOff.reset();

        assertThat(backOff.next()).isEqualTo(Duration.ofSeconds(1));
    }
}
