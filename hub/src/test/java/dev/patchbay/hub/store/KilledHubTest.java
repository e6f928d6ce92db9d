package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of writing; {@code -Dpatchbay.kill.rounds} and {@code -Dpatchbay.kill.seed} for more of it. */
class KilledHubTest {
    /** The last line may have been cut by the kill. */
    private static final Pattern WHOLE = Pattern.compile("(r\\d+-\\d+-\\d+) (ended|accepted)");

    private final Path folder;

    KilledHubTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    @Timeout(600)
    void nothingAcknowledgedIsLost() throws Exception {
        int rounds = Integer.getInteger("patchbay.kill.rounds", 5);
        long seed = Long.getLong("patchbay.kill.seed", 42);
        var random = new Random(seed);
        var acknowledged = new HashMap<String, String>();
        for (int round = 1; round <= rounds; round++) {
            // When
            Map<String, String> heard = killAfter(50 + random.nextInt(2_000), round);

            // Then
            acknowledged.putAll(heard);
            try (Store store = TestStores.temporary(folder)) {
                for (var each : acknowledged.entrySet()) {
                    String id = each.getKey();
                    boolean ended = each.getValue().equals("ended");
                    assertThat(store.inbound(id).isPresent())
                            .as("seed %s, round %s: inbox has %s", seed, round, each)
                            .isEqualTo(!ended);
                    assertThat(store.line(id).isPresent())
                            .as("seed %s, round %s: transcript has %s", seed, round, each)
                            .isEqualTo(ended);
                }
                assertThat(store.status().damaged()).isZero();
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(rounds * 50);
    }

    private Map<String, String> killAfter(int lines, int round) throws Exception {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcceptingChild.class.getName(),
                        folder.toString(),
                        "r" + round)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var heard = new HashMap<String, String>();
        try (var output = child.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher whole = WHOLE.matcher(line);
                if (whole.matches()) {
                    heard.put(whole.group(1), whole.group(2));
                }
                if (heard.size() == lines) {
                    // By its handle: the process itself would close the pipe with what is still in it.
                    child.toHandle().destroyForcibly();
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return heard;
    }
}
