package dev.patchbay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** That the benchmark still measures; what it measures is nobody's promise here. */
class LoadBenchScenario {
    private final Path root =
            Path.of(System.getProperty("patchbay.root", "..")).toAbsolutePath().normalize();

    @Test
    void theShortRunMeasuresEverything() throws Exception {
        // When
        LoadBench.main(new String[] {"--root", root.toString(), "--short"});

        // Then
        JsonNode results =
                new ObjectMapper().readTree(root.resolve("target/bench.json").toFile());
        assertThat(results.fieldNames())
                .toIterable()
                .contains("start_ms", "idle_resident_mb", "restart_first_delivery_ms");
        results.forEach(result -> {
            if (result.isObject()) {
                assertThat(result.path("count").asInt()).isPositive();
            }
        });
    }
}
