package dev.patchbay.hub.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SortableIdsTest {
    private final Clock clock = Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

    @Test
    void idsOfOneMillisecondStillIncrease() {
        var ids = new SortableIds(clock, new Random(1));

        assertThat(Stream.generate(ids::next).limit(10_000).toList())
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void anIdHasTwentySixCharactersThatNobodyMixesUp() {
        assertThat(new SortableIds(clock, new Random(1)).next()).matches("[0-9A-HJKMNP-TV-Z]{26}");
    }

    @Test
    void theRandomPartOverflowsIntoTheNextMillisecond() {
        // Given
        RandomGenerator highest = () -> -1L;
        var ids = new SortableIds(clock, highest);

        // When
        String first = ids.next();
        String second = ids.next();

        // Then
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void anotherMakerInTheSameMillisecondMakesOtherIds() {
        assertThat(new SortableIds(clock, new Random(1)).next())
                .isNotEqualTo(new SortableIds(clock, new Random(2)).next());
    }
}
