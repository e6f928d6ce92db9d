package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.api.Pacing.Limit.Window;
import dev.patchbay.hub.delivery.SimulatedPlatform.Arrival;
import dev.patchbay.hub.delivery.SimulatedPlatform.Network;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sharp and yet safe: close to what is allowed, and never over it, whatever the network does. */
class PacingAgainstAPlatformTest {
    private static final int SEEDS = 40;
    private static final double SHARP = 0.95;

    private static final Pacing TELEGRAM = new Pacing(
            List.of(new Window(30, Duration.ofSeconds(1))),
            List.of(new Window(1, Duration.ofSeconds(1))),
            List.of(new Window(1, Duration.ofSeconds(1)), new Window(20, Duration.ofSeconds(60))));

    private static final Pacing BUCKETS = new Pacing(
            List.of(new Bucket(50, Duration.ofMillis(20))),
            List.of(new Bucket(5, Duration.ofSeconds(1))),
            List.of(new Bucket(1, Duration.ofSeconds(1))));

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("near and steady", (Network) (random, sent) -> Duration.ofMillis(2)),
                Arguments.of("far and steady", (Network) (random, sent) -> Duration.ofMillis(90)),
                Arguments.of("jittery", (Network)
                        (random, sent) -> Duration.ofNanos(3_000_000 + random.nextLong(15_000_000))),
                Arguments.of("with a long tail", (Network)
                        (random, sent) -> Duration.ofNanos((long) (20e6 + 7e6 * random.nextExponential()))),
                Arguments.of("slow at first", (Network) (random, sent) ->
                        Duration.ofNanos((long) (4e6 + (sent < 5 ? 150e6 : 4e6) * random.nextDouble()))),
                Arguments.of("stalling now and then", (Network)
                        (random, sent) -> Duration.ofMillis(random.nextInt(200) == 0 ? 200 : 4 + random.nextInt(8))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void thirtyMessagesToOneChatKeepToOnePerSecond(String name, Network network) {
        overAllSeeds(TELEGRAM, network, Duration.ofSeconds(29), platform -> {
            for (int i = 0; i < 30; i++) {
                platform.queue("direct", "anna", true);
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void threeHundredMessagesToAHundredChatsKeepToThirtyPerSecond(String name, Network network) {
        overAllSeeds(TELEGRAM, network, Duration.ofSeconds(9), platform -> {
            for (int i = 0; i < 300; i++) {
                platform.queue("direct", "p" + i % 100, false);
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void aGroupGetsTwentyPerMinute(String name, Network network) {
        overAllSeeds(TELEGRAM, network, Duration.ofSeconds(120 + 19), platform -> {
            for (int i = 0; i < 60; i++) {
                platform.queue("group", "g", false);
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void bucketsAreEmptiedAndRefilled(String name, Network network) {
        overAllSeeds(BUCKETS, network, Duration.ofSeconds(25), platform -> {
            for (int i = 0; i < 30; i++) {
                platform.queue("direct", "anna", false);
                platform.queue("direct", "ben", false);
            }
            for (int i = 0; i < 20; i++) {
                platform.queue("group", "g", false);
            }
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void aMixOfThreeThousandStaysAllowedAndInOrder(String name, Network network) {
        var platform = new SimulatedPlatform(TELEGRAM, network, new Random(7));
        var random = new Random(8);
        for (int i = 0; i < 3_000; i++) {
            boolean group = random.nextInt(20) == 0;
            platform.queue(
                    group ? "group" : "direct",
                    (group ? "g" : "p") + random.nextInt(group ? 20 : 150),
                    random.nextInt(3) == 0);
        }

        // When
        platform.run();

        // Then
        assertThat(platform.violations()).isZero();
        assertThat(platform.arrivals()).hasSize(3_000);
        Map<String, Long> last = new HashMap<>();
        for (Arrival each : platform.arrivals()) {
            assertThat(each.seq()).isGreaterThan(last.getOrDefault(each.peer(), 0L));
            last.put(each.peer(), each.seq());
        }
    }

    private interface Load {
        void queue(SimulatedPlatform platform);
    }

    private static void overAllSeeds(Pacing pacing, Network network, Duration ideal, Load load) {
        List<SimulatedPlatform> runs = LongStream.range(0, SEEDS)
                .mapToObj(seed -> {
                    var platform = new SimulatedPlatform(pacing, network, new Random(seed));
                    load.queue(platform);
                    platform.run();
                    return platform;
                })
                .toList();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedPlatform run = runs.get(seed);
            assertThat(run.violations()).as("too many in seed %s", seed).isZero();
        }
        double seconds = runs.stream()
                .mapToDouble(each -> each.took().toNanos() / 1e9)
                .average()
                .orElseThrow();
        assertThat(ideal.toSeconds() / seconds)
                .as("part of the allowed rate")
                .isGreaterThanOrEqualTo(SHARP)
                .isLessThanOrEqualTo(1.01);
    }
}
