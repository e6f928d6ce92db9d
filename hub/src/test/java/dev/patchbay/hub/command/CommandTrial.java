package dev.patchbay.hub.command;

import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.config.LoadedConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Types a command and looks at what it does. */
final class CommandTrial {
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private HubRunner runner = new NoHub();
    private StopSignals signals = stop -> {};
    private String input = "";
    private boolean isTerminal;

    /** What was left behind. */
    record Seen(int code, String out, String err) {}

    CommandTrial(Path folder) {
        this.folder = folder;
    }

    CommandTrial with(FakeHub hub) {
        return with("PATCHBAY_URL", hub.url()).with("PATCHBAY_TOKEN", FakeHub.TOKEN);
    }

    CommandTrial with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CommandTrial with(HubRunner hub, StopSignals stop) {
        runner = hub;
        signals = stop;
        return this;
    }

    CommandTrial typing(String text) {
        input = text;
        return this;
    }

    CommandTrial atATerminal() {
        isTerminal = true;
        return this;
    }

    Seen run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Patchbay(
                        new Surroundings(
                                "./patchbay",
                                environment,
                                folder,
                                "anna",
                                folder,
                                "1.2.3",
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                                new PrintStream(out, false, StandardCharsets.UTF_8),
                                new PrintStream(err, false, StandardCharsets.UTF_8),
                                false,
                                isTerminal,
                                isTerminal,
                                Clock.systemUTC()),
                        runner,
                        signals)
                .execute(arguments);
        return new Seen(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** For commands that must not start one. */
    private static final class NoHub implements HubRunner {
        @Override
        public RunningHub start(LoadedConfig config, Supplier<LoadedConfig> again) {
            throw new AssertionError("no hub is to be started");
        }

        @Override
        public StoreTools storeTools(HubConfig config) {
            throw new AssertionError("no files are to be touched");
        }

        @Override
        public Inspection inspect(LoadedConfig config) {
            return new Inspection(List.of(), List.of());
        }
    }
}
