package dev.patchbay.hub.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole core in a storm: nothing acknowledged is lost, nothing out of order, repeats only where marked. */
@Isolated("it silences the log, and no thread of a run may wait for one outside of it")
class SimulationTest {
    private static final int SEEDS = 20;
    private static final int SEEDS_TO_SEE_SABOTAGE = 30;
    private static AutoCloseable silence = () -> {};

    @BeforeAll
    static void beQuiet() {
        silence = Simulate.silence();
    }

    @AfterAll
    static void speakAgain() throws Exception {
        silence.close();
    }

    /** Seeds of every day: enough to notice what breaks often. {@code scripts/simulate} runs many. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    /** Seeds that once showed a defect. */
    static LongStream seedsThatFailedOnce() throws IOException {
        try (InputStream lines = Objects.requireNonNull(
                SimulationTest.class.getResourceAsStream("/simulation/seeds.txt"), "simulation/seeds.txt")) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .mapToLong(line -> Long.parseLong(line.split("\\s", 2)[0]))
                            .boxed()
                            .toList()
                            .stream()
                            .mapToLong(Long::longValue);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource({"seeds", "seedsThatFailedOnce"})
    void theJudgeHasNothingToObject(long seed) {
        Simulation.Outcome outcome = Simulation.run(seed);

        assertThat(outcome.objections()).as(outcome::report).isEmpty();
    }

    @Test
    void theSameSeedIsTheSameRun() {
        Simulation.Outcome first = Simulation.run(3);

        Simulation.Outcome second = Simulation.run(3);

        assertThat(second.hash()).isEqualTo(first.hash());
        assertThat(second.steps()).isEqualTo(first.steps());
        assertThat(Simulation.run(4).hash()).isNotEqualTo(first.hash());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theJudgeSeesWhatIsBrokenOnPurpose(Sabotage sabotage) {
        boolean isSeen = LongStream.rangeClosed(1, SEEDS_TO_SEE_SABOTAGE)
                .mapToObj(seed -> Simulation.run(seed, sabotage, event -> {}))
                .flatMap(outcome -> outcome.objections().stream())
                .anyMatch(objection -> objection.contains(sabotage.objection));

        assertThat(isSeen).as(sabotage.objection).isTrue();
    }

    @Test
    void aFailureSaysHowToSeeItAgain() {
        Simulation.Outcome failed = Simulation.run(1, Sabotage.SENDS_TWICE, event -> {});

        assertThat(failed.report())
                .contains("seed 1, step " + failed.steps())
                .contains("scripts/simulate --from 1 --seeds 1");
        assertThat(failed.latest()).hasSizeLessThanOrEqualTo(50);
    }
}
