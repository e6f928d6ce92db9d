package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ActiveHoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void theFirstMinuteBelongsToThemAndTheLastDoesNot() {
        // Given
        var hours = hours("08:00", "22:00", ZoneOffset.UTC);

        // Then
        assertThat(hours.include(at("2026-03-01T07:59:59.999Z"))).isFalse();
        assertThat(hours.include(at("2026-03-01T08:00:00Z"))).isTrue();
        assertThat(hours.include(at("2026-03-01T21:59:59.999Z"))).isTrue();
        assertThat(hours.include(at("2026-03-01T22:00:00Z"))).isFalse();
    }

    @Test
    void hoursThatEndBeforeTheyBeginWrapMidnight() {
        // Given
        var night = hours("22:00", "06:00", ZoneOffset.UTC);

        // Then
        assertThat(night.include(at("2026-03-01T23:00:00Z"))).isTrue();
        assertThat(night.include(at("2026-03-01T00:00:00Z"))).isTrue();
        assertThat(night.include(at("2026-03-01T05:59:00Z"))).isTrue();
        assertThat(night.include(at("2026-03-01T06:00:00Z"))).isFalse();
        assertThat(night.include(at("2026-03-01T12:00:00Z"))).isFalse();
    }

    @Test
    void midnightAsTheEndIsMidnight() {
        assertThat(hours("22:00", "00:00", ZoneOffset.UTC).include(at("2026-03-01T23:59:00Z")))
                .isTrue();
        assertThat(hours("22:00", "00:00", ZoneOffset.UTC).include(at("2026-03-01T00:00:00Z")))
                .isFalse();
        assertThat(hours("00:00", "24:00", ZoneOffset.UTC).include(at("2026-03-01T00:00:00Z")))
                .isTrue();
    }

    @Test
    void hoursThatBeginWhenTheyEndAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> hours("08:00", "08:00", ZoneOffset.UTC));
    }

    @Test
    void theyGoByTheClockOfTheirZone() {
        // Given
        var hours = hours("08:00", "22:00", BERLIN);

        // Then: an hour earlier in winter, two in summer
        assertThat(hours.include(at("2026-01-15T07:00:00Z"))).isTrue();
        assertThat(hours.include(at("2026-01-15T06:59:00Z"))).isFalse();
        assertThat(hours.include(at("2026-07-15T06:00:00Z"))).isTrue();
        assertThat(hours.include(at("2026-07-15T05:59:00Z"))).isFalse();
    }

    @Test
    void theyOpenNextWhenTheClockOfTheirZoneShowsIt() {
        // Given
        var hours = hours("08:00", "22:00", BERLIN);

        // Then: across the night in which the clocks move forward
        assertThat(hours.opening(at("2026-03-28T21:30:00Z"))).isEqualTo(at("2026-03-29T06:00:00Z"));
        assertThat(hours.opening(at("2026-03-28T07:00:00Z"))).isEqualTo(at("2026-03-29T06:00:00Z"));
        assertThat(hours.opening(at("2026-10-24T21:00:00Z"))).isEqualTo(at("2026-10-25T07:00:00Z"));
    }

    @Test
    void hoursThatBeginInTheHourThatIsLeftOutOpenWhenTheClocksMove() {
        assertThat(hours("02:30", "05:00", BERLIN).opening(at("2026-03-29T00:00:00Z")))
                .isEqualTo(at("2026-03-29T01:00:00Z"));
    }

    @Test
    void hoursThatLieInTheHourThatIsLeftOutOpenOnTheNextDay() {
        assertThat(hours("02:10", "02:50", BERLIN).opening(at("2026-03-29T00:00:00Z")))
                .isEqualTo(at("2026-03-30T00:10:00Z"));
    }

    @Test
    void hoursThatComeTwiceInAutumnOpenTwice() {
        // Given
        var hours = hours("02:10", "02:50", BERLIN);

        // Then
        assertThat(hours.opening(at("2026-10-24T23:00:00Z"))).isEqualTo(at("2026-10-25T00:10:00Z"));
        assertThat(hours.opening(at("2026-10-25T00:50:00Z"))).isEqualTo(at("2026-10-25T01:10:00Z"));
    }

    @Test
    void theVectorsHold() throws IOException {
        JsonNode vectors = new ObjectMapper()
                .readTree(Objects.requireNonNull(getClass().getResourceAsStream("/vectors/heartbeat.json")));
        for (JsonNode each : vectors.get("activeHours")) {
            int from = each.get("start").asInt();
            int until = each.get("end").asInt();
            if (from == until) {
                // Never in the vectors, an error here.
                continue;
            }
            var hours = new ActiveHours(from * 60, until * 60, ZoneOffset.UTC);
            List<Integer> active = new ArrayList<>();
            for (int hour = 0; hour < 24; hour++) {
                if (hours.include(at("2026-03-01T00:30:00Z").plusSeconds(hour * 3_600L))) {
                    active.add(hour);
                }
            }
            assertThat(active).as(from + " to " + until).isEqualTo(numbers(each.get("claw0ActiveHours")));
        }
    }

    private static List<Integer> numbers(JsonNode list) {
        var numbers = new ArrayList<Integer>();
        list.forEach(each -> numbers.add(each.asInt()));
        return numbers;
    }

    private static ActiveHours hours(String from, String until, ZoneId zone) {
        return new ActiveHours(minute(from), minute(until), zone);
    }

    private static int minute(String time) {
        return Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(3));
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }
}
