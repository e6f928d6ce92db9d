package dev.patchbay.hub.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0 9 * *",
                "0 9 * * * *",
                "@daily",
                "60 * * * *",
                "*/0 * * * *",
                "5-1 * * * *",
                "0 9 L * *",
                "0 9 ? * *",
                "0 9 * * 1#2",
                "0 9 * * *|0 10 * * *",
                "0|30 9 * * *",
                "* * * * *||0 9 * * *",
                "*/5, * * * *",
                "0 9 30 2 *",
                "0 9 31 4 *",
                "0 9 * * FOO",
                "zero nine * * *",
                "-1 * * * *"
            })
    void anythingButFiveFieldsThatNameATimeIsRefused(String expression) {
        assertThatIllegalArgumentException().isThrownBy(() -> Timing.cron(expression, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 9 * * *", "  0   9 * * *  ", "0 9 * * 1-7", "0 9 * JAN-DEC *", "0 8-10/1 * * *"})
    void nineOClockIsNineOClockHoweverItIsWritten(String expression) {
        var cron = Timing.cron(expression, ZoneOffset.UTC);
        Instant before = at("2026-01-01T08:30:00Z");
        assertThat(cron.next(before)).contains(at("2026-01-01T09:00:00Z"));
    }

    @Test
    void theMomentItselfIsNotTheNextOne() {
        assertThat(Timing.cron("0 9 * * *", ZoneOffset.UTC).next(at("2026-03-01T09:00:00Z")))
                .contains(at("2026-03-02T09:00:00Z"));
    }

    @Test
    void sevenIsSundayAndDayAndWeekdayTogetherMeanEither() {
        assertThat(Timing.cron("0 9 * * 7", ZoneOffset.UTC).next(at("2026-03-03T00:00:00Z")))
                .contains(at("2026-03-08T09:00:00Z"));
        assertThat(next(Timing.cron("0 9 13 * 5", ZoneOffset.UTC), "2026-03-10T00:00:00Z", 3))
                .containsExactly("2026-03-13T09:00:00Z", "2026-03-20T09:00:00Z", "2026-03-27T09:00:00Z");
    }

    @Test
    void nineOClockIsNineOClockInSummerAndWinter() {
        assertThat(next(Timing.cron("0 9 * * *", BERLIN), "2026-03-28T00:00:00Z", 2))
                .containsExactly("2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z");
    }

    @Test
    void aTimeThatTheClocksSkipComesWhenTheyDo() {
        assertThat(next(Timing.cron("30 2 * * *", BERLIN), "2026-03-28T00:00:00Z", 3))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void aTimeThatComesTwiceCountsOnce() {
        assertThat(next(Timing.cron("30 2 * * *", BERLIN), "2026-10-24T22:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void everyHalfHourIsEveryHalfHourWhenTheClocksMove() {
        assertThat(next(Timing.cron("*/30 * * * *", BERLIN), "2026-10-25T00:00:00Z", 4))
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
        assertThat(next(Timing.cron("15 * * * *", BERLIN), "2026-03-29T00:00:00Z", 3))
                .containsExactly("2026-03-29T00:15:00Z", "2026-03-29T01:15:00Z", "2026-03-29T02:15:00Z");
    }

    @Test
    void aMomentComesOnce() {
        // Given
        Timing at = Timing.at("2026-12-24T18:00:00+01:00");

        // Then
        assertThat(at.next(at("2026-12-24T16:59:59Z"))).contains(at("2026-12-24T17:00:00Z"));
        assertThat(at.next(at("2026-12-24T17:00:00Z"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "2026-12-24", "2026-12-24T18:00:00", "18:00", ""})
    void aMomentWithoutItsOffsetIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Timing.at(text));
    }

    @Test
    void aPeriodKeepsItsPaceHoweverLongItWasMissed() {
        // Given
        var every = new Timing.Every(Duration.ofHours(6), at("2026-03-01T10:00:00Z"));

        // Then
        assertThat(every.next(at("2026-03-01T10:00:00Z"))).contains(at("2026-03-01T16:00:00Z"));
        assertThat(every.next(at("2026-03-01T16:00:00Z"))).contains(at("2026-03-01T22:00:00Z"));
        assertThat(every.next(at("2026-03-09T11:00:00Z"))).contains(at("2026-03-09T16:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.5S", "PT0S", "-PT1H", "P366D"})
    void aPeriodThatIsNoneIsRefused(String period) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Timing.Every(Duration.parse(period), at("2026-03-01T10:00:00Z")));
    }

    private static List<String> next(Timing timing, String after, int many) {
        var found = new ArrayList<String>();
        Instant last = at(after);
        for (int i = 0; i < many; i++) {
            last = timing.next(last).orElseThrow();
            found.add(last.toString());
        }
        return found;
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }
}
