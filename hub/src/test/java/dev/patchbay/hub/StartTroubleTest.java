package dev.patchbay.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.command.HubRunner.RunningHub;
import dev.patchbay.hub.command.Patchbay;
import dev.patchbay.hub.command.Surroundings;
import dev.patchbay.hub.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} and {@code check} where the machine does not let a hub start. */
@Timeout(60)
class StartTroubleTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aDataFolderThatCannotBeWrittenIsNamedBeforeAnythingElseIsTried() throws Exception {
        // Given
        Files.writeString(folder.resolve("file"), "");

        // When
        int code = patchbay("run", "--set", "hub.data-dir=file/data", "--set", "server.port=0");

        // Then
        assertThat(code).isEqualTo(3);
        assertThat(said())
                .containsExactly(
                        "patchbay: the data folder " + folder.resolve("file/data") + " cannot be written",
                        "  let the hub's user write there, or choose another one with hub.data-dir");
    }

    @Test
    void checkReportsOnlyTheDataFolderAndUnpacksNothingThere() throws Exception {
        // Given
        Files.writeString(folder.resolve("file"), "");

        // When
        int bad = patchbay("check", "--set", "hub.data-dir=file/data");
        List<String> said = said();
        int unused = patchbay("check", "--set", "hub.data-dir=fresh");

        // Then
        assertThat(bad).isEqualTo(1);
        assertThat(said.stream().filter(line -> !line.contains("(warning)")))
                .singleElement()
                .asString()
                .contains("hub.data-dir");
        assertThat(unused).isZero();
        assertThat(folder.resolve("fresh")).doesNotExist();
    }

    @Test
    void ofASecondHubTheCureIsSaidOnce() throws Exception {
        // Given
        RunningHub first = hub();
        try {
            // When
            int code = patchbay("run", "--set", "server.port=0");

            // Then
            assertThat(code).isEqualTo(3);
            assertThat(said().getLast()).isEqualTo("  stop it, or choose another folder with hub.data-dir");
            assertThat(said().get(said().size() - 2)).endsWith("uses the data folder " + folder.resolve("data"));
        } finally {
            boolean unused = first.drain(Duration.ofSeconds(10));
        }
    }

    @Test
    void aTakenPortIsCuredByAnotherPort() throws Exception {
        // Given
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // When
            int code = patchbay("run", "--set", "server.port=" + taken.getLocalPort());

            // Then
            assertThat(code).isEqualTo(3);
            assertThat(said().getLast()).isEqualTo("  choose another server.port, or stop what listens there");
            assertThat(said().get(said().size() - 2)).contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    private RunningHub hub() throws Exception {
        var loaded = new ConfigLoader(Map.of(), folder).load(Optional.empty(), List.of("server.port=0"));
        return new HubAssembly(folder, "0.1.0").start(loaded, () -> loaded);
    }

    private int patchbay(String... arguments) {
        err.reset();
        var nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
        var surroundings = new Surroundings(
                "./patchbay",
                Map.of(),
                folder,
                "anna",
                folder,
                "0.1.0",
                InputStream.nullInputStream(),
                nowhere,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                Clock.systemUTC());
        return new Patchbay(surroundings, new HubAssembly(folder, "0.1.0"), Runnable::run).execute(arguments);
    }

    /** Without the warnings about channels whose plugins this folder lacks. */
    private List<String> said() {
        return err.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.contains("(warning)"))
                .toList();
    }
}
