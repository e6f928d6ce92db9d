package dev.patchbay.hub.agent.process;

import static java.util.Objects.requireNonNull;
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
    private static final String SCHED_IDLE = "5";

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
    @EnabledIf("canWaitForIdleness")
    void aProgramRunsWhenNobodyElseDoesBesideTheHubAndNotInItsGroup() throws Exception {
        // Given
        fixture.nice().troubled();

        // When
        fixture.answer("say hello");

        // Then
        ProcTable table = ProcTable.read(Path.of("/proc"));
        ProcTable.Entry program = requireNonNull(table.entries().get(fixture.pid()));
        ProcTable.Entry hub =
                requireNonNull(table.entries().get(ProcessHandle.current().pid()));
        assertThat(policy(fixture.pid())).isEqualTo(SCHED_IDLE);
        assertThat(policy(ProcessHandle.current().pid())).isNotEqualTo(SCHED_IDLE);
        assertThat(program.session()).isEqualTo(hub.session());
        assertThat(program.group()).isEqualTo(fixture.pid()).isNotEqualTo(hub.group());
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

    /** The 41st of the fields that proc(5) lists. */
    private static String policy(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[38];
    }

    static boolean canWaitForIdleness() {
        return Files.isExecutable(Path.of("/usr/bin/perl")) && Files.isExecutable(Path.of("/usr/bin/chrt"));
    }
}
