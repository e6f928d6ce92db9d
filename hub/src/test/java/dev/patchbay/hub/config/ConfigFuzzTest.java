package dev.patchbay.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whatever stands in the file, loading ends with a configuration and with problems that say where and what to do. */
@ResourceLock("jazzer")
class ConfigFuzzTest {
    @TempDir
    static Path folder;

    @FuzzTest(maxDuration = "10m")
    void everyFileHasAConfigurationOrItsProblems(byte[] bytes) throws IOException {
        Files.write(folder.resolve(Loading.FILE), bytes);
        LoadedConfig loaded =
                new ConfigLoader(Map.of("HOME", "/home"), folder).load(Optional.of(Loading.FILE), List.of());
        assertThat(loaded.config().hub().name()).isNotNull();
        for (Problem problem : loaded.problems()) {
            assertThat(problem.place()).isNotBlank();
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.cure()).isNotBlank();
            assertThat(problem.toString().lines()).hasSize(1);
        }
    }
}
