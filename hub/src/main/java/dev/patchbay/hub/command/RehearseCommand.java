package dev.patchbay.hub.command;

import dev.patchbay.hub.command.HubRunner.NotStarted;
import dev.patchbay.hub.command.HubRunner.RunningHub;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.LoadedConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Starts a hub on a folder of its own, lets the other commands talk to it, and stops it: the launcher watches which classes
 * that takes and keeps them ready for later starts.
 */
@Command(name = "rehearse", hidden = true, header = "Warm up: used by the launcher.")
final class RehearseCommand implements Callable<Integer> {
    private static final int LINES = 200;

    private final Surroundings surroundings;
    private final HubRunner runner;

    RehearseCommand(Surroundings surroundings, HubRunner runner) {
        this.surroundings = surroundings;
        this.runner = runner;
    }

    @Override
    public Integer call() throws IOException, InterruptedException, NotStarted {
        Path stage = Files.createTempDirectory("patchbay-rehearsal");
        try {
            Logs.start(surroundings.err(), Logs.Format.TEXT, false);
            Map<String, String> nothing = Map.of();
            LoadedConfig config = new ConfigLoader(nothing, stage)
                    .load(
                            Optional.empty(),
                            List.of(
                                    "server.port=0",
                                    "hub.data-dir=" + stage,
                                    "plugins.dir=" + stage.resolve("plugins")));
            RunningHub hub = runner.start(config, () -> config);
            rehearse(hub, stage);
            hub.drain(Duration.ofSeconds(10));
        } finally {
            delete(stage);
        }
        return ExitCode.DONE.number();
    }

    private void rehearse(RunningHub hub, Path stage) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATCHBAY_URL", hub.url().toString());
        environment.put(
                "PATCHBAY_TOKEN", Files.readString(stage.resolve("admin-token")).strip());
        command(environment, stage, "", "status");
        command(environment, stage, "", "send", "--channel", "cli", "--to", "rehearsal", "hello");
        command(environment, stage, "", "channels", "list");
        command(environment, stage, "", "agents");
        command(environment, stage, "", "plugins");
        command(environment, stage, "", "sessions", "--json");
        command(environment, stage, "", "deliveries");
        command(environment, stage, "", "route", "--channel", "cli", "--peer", "direct:rehearsal");
        command(environment, stage, "", "check");
        command(environment, stage, "", "--help");
        command(environment, stage, "hello\n".repeat(LINES), "chat", "--plain");
        command(environment, stage, "", "recall", "hello");
    }

    private void command(Map<String, String> environment, Path stage, String input, String... arguments) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var player = new Surroundings(
                surroundings.command(),
                environment,
                stage,
                "rehearsal",
                stage,
                surroundings.version(),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                nowhere,
                nowhere,
                false,
                false,
                false,
                surroundings.clock());
        int ignored = new Patchbay(player, runner, stop -> {}).execute(arguments);
    }

    private static void delete(Path stage) throws IOException {
        try (var files = Files.walk(stage)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException left) {
                    throw new UncheckedIOException(left);
                }
            });
        }
    }
}
