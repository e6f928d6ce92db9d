package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.attachment.TestFiles;
import dev.patchbay.hub.config.PluginSchema;
import dev.patchbay.hub.metrics.Meters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessAgentSettingsTest {
    private static final Map<String, String> SURROUNDINGS = Map.of(
            "PATH",
            "/usr/bin:/bin",
            "HOME",
            "/home/anna",
            "TZ",
            "Europe/Berlin",
            "PATCHBAY_TOKEN",
            "s3cret",
            "USER",
            "anna");

    final ProcessAgentPlugin plugin = new ProcessAgentPlugin(TestFiles.nowhere(), Meters.NONE, SURROUNDINGS);

    @TempDir
    Path folder;

    @Test
    void defaultsAreWhatTheDocumentSays() {
        // When
        Program program = Program.of(Settings.of(Map.of("command", List.of("agent", "-v"))), SURROUNDINGS);

        // Then
        assertThat(program.command()).containsExactly("agent", "-v");
        assertThat(program.environment())
                .containsOnly(
                        Map.entry("PATH", "/usr/bin:/bin"),
                        Map.entry("HOME", "/home/anna"),
                        Map.entry("TZ", "Europe/Berlin"));
        assertThat(program.folder()).isEqualTo(Path.of("").toAbsolutePath());
        assertThat(program.memoryMaxBytes()).isEqualTo(500L << 20);
        assertThat(program.silenceLimit()).isEqualTo(Duration.ofMinutes(5));
        assertThat(List.of(program.restartsPerHour(), program.workers(), program.retries(), program.historyLimit()))
                .containsExactly(10, 1, 1, 20);
    }

    @Test
    void theSchemaIsOneThatTheHubUnderstands() {
        assertThat(PluginSchema.of(plugin.settingsSchema()).names("command")).isTrue();
    }

    @Test
    void whatIsWrongIsSaidAtItsKey() {
        // Given
        Settings none = Settings.of(Map.of("max-memory", "10B", "silence-limit", "1ms", "env", Map.of("A=B", "c")));

        // When
        List<SettingProblem> problems = plugin.check(none);

        // Then
        assertThat(problems)
                .extracting(SettingProblem::key)
                .containsExactly("command", "env", "max-memory", "silence-limit");
    }

    @Test
    void aProgramIsFoundOnThePathOrFromItsFolder() throws Exception {
        // Given
        Path script = Files.writeString(folder.resolve("agent"), "#!/bin/sh\n");
        Settings inFolder = Settings.of(Map.of("command", List.of("./agent"), "dir", folder.toString()));

        // When
        Optional<SettingProblem> notExecutable = ProcessAgentPlugin.obstacle(inFolder, SURROUNDINGS);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Optional<SettingProblem> executable = ProcessAgentPlugin.obstacle(inFolder, SURROUNDINGS);
        Optional<SettingProblem> onPath =
                ProcessAgentPlugin.obstacle(Settings.of(Map.of("command", List.of("sh"))), SURROUNDINGS);
        Optional<SettingProblem> nowhere =
                ProcessAgentPlugin.obstacle(Settings.of(Map.of("command", List.of("no-such-program"))), SURROUNDINGS);
        Optional<SettingProblem> noFolder = ProcessAgentPlugin.obstacle(
                Settings.of(Map.of(
                        "command", List.of("sh"), "dir", folder.resolve("gone").toString())),
                SURROUNDINGS);

        // Then
        assertThat(notExecutable)
                .contains(new SettingProblem(
                        "command", script + " is not a program that can be run", "correct the path, or chmod +x it"));
        assertThat(executable).isEmpty();
        assertThat(onPath).isEmpty();
        assertThat(nowhere).map(SettingProblem::message).contains("there is no program no-such-program on the PATH");
        assertThat(noFolder).map(SettingProblem::key).contains("dir");
    }
}
