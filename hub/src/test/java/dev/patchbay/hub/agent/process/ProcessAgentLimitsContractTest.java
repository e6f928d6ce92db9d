package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much memory, how many restarts; and what is left when it ends. */
@Timeout(120)
class ProcessAgentLimitsContractTest {
    @RegisterExtension
    final ProcessAgentFixture fixture = new ProcessAgentFixture();

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProgramThatEatsMemoryIsEndedAndTheNextTurnGoesWell() throws Exception {
        // Given
        fixture.troubled().with("max-memory", "200MB").with("retries", 0);

        // When
        String failure = fixture.failure("eat");
        String next = fixture.answer("say better");

        // Then
        assertThat(failure).matches("agent main: its program took \\d+ MB, more than max-memory: 200 MB");
        assertThat(fixture.lost("memory")).isEqualTo(1);
        assertThat(next).isEqualTo("better");
        ProcessAgentFixture.until(() -> fixture.staff().members().getFirst().residentBytes() > 1 << 20);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAProgramStartsCountsAsItsOwnMemory() throws Exception {
        // Given
        fixture.shell("sleep 600 & exec sleep 600");
        fixture.agents();

        // When
        long one = ProcTable.read(Path.of("/proc")).residentBytes(fixture.pid());

        // Then
        ProcessAgentFixture.until(() -> fixture.staff().members().getFirst().residentBytes() > one * 3 / 2);
    }

    @Test
    @EnabledIf("areSessionsScheduledAsGroups")
    void aProgramIsNiceAndSoIsItsSession() throws Exception {
        // Given
        fixture.nice().troubled();

        // When
        fixture.answer("say hello");

        // Then
        assertThat(Files.readString(Path.of("/proc", Long.toString(fixture.pid()), "autogroup")))
                .endsWith("nice 19\n");
        assertThat(Files.readString(Path.of("/proc/self/autogroup"))).doesNotEndWith("nice 19\n");
    }

    @Test
    void aProgramThatDiesAtEachStartIsParkedAndTriedAgainWhenTheHourAllows() throws Exception {
        // Given
        fixture.shell("exit 4").with("max-restarts-per-hour", 2).hour(Duration.ofSeconds(12));

        // When
        ProcessAgentFixture.until(
                () -> fixture.agents().status().getFirst().trouble().isPresent());
        String reason = fixture.agents().status().getFirst().trouble().orElseThrow();
        String failure = fixture.failure("hello");
        long lostWhenParked = fixture.lost("crash");

        // Then
        assertThat(reason)
                .startsWith("parked after 2 restarts within 13 s, the next one is possible in ")
                .endsWith("at last its program ended with exit status 4");
        assertThat(failure).startsWith("agent main: parked after 2 restarts");
        assertThat(lostWhenParked).isEqualTo(3);
        ProcessAgentFixture.until(() -> fixture.lost("crash") > lostWhenParked);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAProgramHasStartedEndsWithItEvenIfItWasLetGo() throws Exception {
        // Given
        fixture.troubled();
        long grandchild = Long.parseLong(fixture.answer("fork"));
        long child = fixture.pid();

        // When
        fixture.failure("die 1");

        // Then
        ProcessAgentFixture.until(
                () -> !ProcessAgentFixture.isAlive(child) && !ProcessAgentFixture.isAlive(grandchild));
    }

    @Test
    void oneThatIgnoresEveryRequestToEndIsMadeTo() throws Exception {
        // Given
        fixture.troubled("deaf");
        fixture.answer("say hello");
        long child = fixture.pid();

        // When
        fixture.agents().close();

        // Then
        assertThat(ProcessAgentFixture.isAlive(child)).isFalse();
    }

    @Test
    void oneThatEndsWithItsInputMayTidyUp() throws Exception {
        // Given
        fixture.shell("cat > /dev/null; exec sleep 0.1");
        fixture.agents();
        long child = fixture.pid();

        // When
        fixture.agents().close();

        // Then
        assertThat(ProcessAgentFixture.isAlive(child)).isFalse();
        assertThat(fixture.lost("crash")).isZero();
    }

    static boolean areSessionsScheduledAsGroups() {
        return Files.isWritable(Path.of("/proc/self/autogroup")) && Files.isExecutable(Path.of("/usr/bin/setsid"));
    }
}
