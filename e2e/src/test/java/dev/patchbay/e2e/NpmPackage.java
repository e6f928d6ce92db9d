package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somebody else's program, as npm has it, in a folder of its own: what is tried against it is not tried against our own ideas alone.
 * Nothing that comes with a package runs while it is installed.
 */
final class NpmPackage {
    private static final Duration INSTALLS = Duration.ofMinutes(3);

    private final Path folder;

    private NpmPackage(Path folder) {
        this.folder = folder;
    }

    /**
     * Installs one version, from npm's own cache if it is there. A machine without node or npm skips the test; one that cannot get the
     * package fails it.
     *
     * @param exact the package with its version: {@code name@1.2.3}
     */
    static NpmPackage install(Path folder, String exact) throws Exception {
        assumeTrue(isThere("node") && isThere("npm"), "node and npm are needed for " + exact);
        var installed = new NpmPackage(folder);
        installed.run(
                INSTALLS,
                "npm",
                "install",
                "--prefix",
                folder.toString(),
                "--prefer-offline",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                exact);
        return installed;
    }

    /** Runs a script with node to its end; what it has printed. */
    String node(Duration most, String... script) throws Exception {
        var command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(script));
        return run(most, command.toArray(String[]::new));
    }

    /**
     * Starts a program of the package, which goes on.
     *
     * @param script as it lies in the package's folder
     */
    Process start(String script, Path out, String... arguments) throws IOException {
        var command = new ArrayList<>(
                List.of("node", folder.resolve("node_modules").resolve(script).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private String run(Duration most, String... command) throws Exception {
        Path out = Files.createTempFile(folder, "npm-out", ".txt");
        Path err = Files.createTempFile(folder, "npm-err", ".txt");
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command[0] + " did not end within " + most);
        }
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readString(out);
    }
}
