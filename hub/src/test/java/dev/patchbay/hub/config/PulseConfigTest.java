package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.config.PulseConfig.Heartbeat;
import dev.patchbay.hub.config.PulseConfig.Hours;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PulseConfigTest {
    private final Path folder;

    PulseConfigTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void anAgentWithTheSectionHasAHeartbeat() throws IOException {
        // When
        LoadedConfig loaded = load("""
            agents:
              main: { type: echo, heartbeat: { every: 5m, active-hours: "22:00-06:00", zone: Europe/Berlin } }
              other: { type: echo }
            """);

        // Then
        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.config().pulse().heartbeats()).containsOnlyKeys("main");
        Heartbeat heartbeat =
                Objects.requireNonNull(loaded.config().pulse().heartbeats().get("main"));
        assertThat(heartbeat)
                .isEqualTo(new Heartbeat(
                        true,
                        Duration.ofMinutes(5),
                        folder.toAbsolutePath().resolve("HEARTBEAT.md"),
                        Optional.of(new Hours(22 * 60, 6 * 60)),
                        ZoneId.of("Europe/Berlin"),
                        "last",
                        "HEARTBEAT_OK",
                        300));
        assertThat(Loading.agent(loaded.config(), "main").settings().asMap()).isEmpty();
    }

    @Test
    void schedulesAreReadInTheOrderOfTheFile() throws IOException {
        // When
        LoadedConfig loaded = load("""
            schedules:
              - { name: morning, cron: "0 9 * * *", zone: Europe/Berlin, agent: main, text: Plan my day, deliver: last }
              - { name: eve, at: 2026-12-24T18:00:00+01:00, agent: main, text: Sing }
              - { name: often, every: 6h, agent: main, text: Look }
            """);

        // Then
        assertThat(loaded.problems()).isEmpty();
        List<PulseConfig.Schedule> schedules = loaded.config().pulse().schedules();
        assertThat(schedules).extracting(PulseConfig.Schedule::name).containsExactly("morning", "eve", "often");
        assertThat(schedules.getFirst().cron()).contains("0 9 * * *");
        assertThat(schedules.getFirst().deliver()).isEqualTo("last");
        assertThat(schedules.get(1).at()).contains(Instant.parse("2026-12-24T17:00:00Z"));
        assertThat(schedules.get(1).deliver()).isEqualTo("none");
        assertThat(schedules.get(2).every()).contains(Duration.ofHours(6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "active-hours: \"08:00-08:00\" ~ active-hours: \"08:00-08:00\" begins when it ends; leave active-hours"
                        + " out if every hour is meant",
                "active-hours: 8-22 ~ active-hours: \"8-22\" names no hours; write for instance \"08:00-22:00\"",
                "active-hours: \"08:00-25:00\" ~ active-hours: \"08:00-25:00\" is no time of a day; hours go from 00:00"
                        + " to 24:00",
                "active-hours: \"08:61-22:00\" ~ active-hours: \"08:61-22:00\" is no time of a day; hours go from 00:00"
                        + " to 24:00",
                "every: 500ms ~ every: \"500ms\" is out of range; write 1s to 365d",
                "evry: 5m ~ evry: unknown key; did you mean every?",
            })
    void whatIsWrongWithAHeartbeatIsSaid(String yaml, String problem) throws IOException {
        assertThat(load("agents: { main: { type: echo, heartbeat: { " + yaml + " } } }")
                        .problems())
                .extracting(Problem::toString)
                .containsExactly("hub.yaml:1: agents.main.heartbeat." + problem);
    }

    @Test
    void aZoneThatIsNoneIsSaid() throws IOException {
        assertThat(load("agents: { main: { type: echo, heartbeat: { zone: Europe/Berln } } }")
                        .problems())
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("is no time zone", "Europe/Berlin");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{ name: a, agent: main, text: x } ~ schedules.0: it says no time; write exactly one of cron: \"0 9 * *"
                        + " *\", at: 2026-12-24T18:00:00+01:00 and every: 6h",
                "{ name: a, every: 1h, cron: \"0 9 * * *\", agent: main, text: x } ~ schedules.0: it says more than"
                    + " one time; write exactly one of cron: \"0 9 * * *\", at: 2026-12-24T18:00:00+01:00 and every:"
                    + " 6h",
                "{ name: a, at: noon, agent: main, text: x } ~ schedules.0.at: \"noon\" is no moment; write it with its"
                        + " offset, for instance 2026-12-24T18:00:00+01:00",
                "{ name: A B, every: 1h, agent: main, text: x } ~ schedules.0.name: \"A B\" is no name for a schedule;"
                        + " take a-z, 0-9, - and _, at most 64, no - or _ in front",
                "{ name: a, every: 1h, agent: mian, text: x } ~ schedules.0.agent: there is no agent \"mian\"; did you"
                        + " mean main?",
                "{ name: a, every: 1h, agent: main } ~ schedules.0: text is missing; write text: what the agent is"
                        + " told",
            })
    void whatIsWrongWithAScheduleIsSaid(String yaml, String problem) throws IOException {
        assertThat(load("schedules: [" + yaml + "]").problems())
                .extracting(Problem::toString)
                .containsExactly("hub.yaml:1: " + problem);
    }

    @Test
    void aNameIsTakenOnce() throws IOException {
        assertThat(load("""
            schedules:
              - { name: a, every: 1h, agent: main, text: x }
              - { name: a, every: 2h, agent: main, text: y }
            """).problems())
                .extracting(Problem::toString)
                .containsExactly("hub.yaml:3: schedules.1.name: \"a\" is the name of an earlier schedule; rename one");
    }

    private LoadedConfig load(String yaml) throws IOException {
        return new Loading(folder).file(yaml).load();
    }
}
