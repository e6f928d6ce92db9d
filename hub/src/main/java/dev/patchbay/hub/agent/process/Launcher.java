package dev.patchbay.hub.agent.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs behind the system's own small tools, as far as they are there: one keeps a Ctrl-C in the hub's terminal from them,
 * one lets everything else go first, {@code setpriv} ends them with the hub, however that ends. Safe for many threads.
 */
final class Launcher {
    private static final Logger log = LoggerFactory.getLogger(Launcher.class);

    /** A process group of its own, in the hub's session; no small tool of the system makes one. */
    private static final List<String> ALONE =
            List.of("perl", "-e", "setpgrp(0, 0); exec { $ARGV[0] } @ARGV or exit 127", "--");

    /**
     * Without perl. A session of its own is a scheduling group of its own on kernels with autogroups: it would get as much of the
     * processor as the whole hub, however nice its processes are, unless the group is nice, too. Whoever is not root may say so ten
     * times in a second.
     */
    private static final List<String> IN_A_NICE_SESSION = List.of("setsid", "/bin/sh", "-c", """
        f=/proc/self/autogroup
        if [ -w $f ]; then
            for i in 1 2 3 4 5 6 7 8 9; do
                if (echo 19 >$f) 2>/dev/null; then break; fi
                sleep 0.1
            done
        fi
        exec "$@"
        """, "sh");

    private static final List<String> IN_A_SESSION = List.of("setsid");

    /** The kernel lets whoever wakes go before one of these at once; before one that is nice only when it has had its turn. */
    private static final List<String> WHEN_IDLE = List.of("chrt", "--idle", "0");

    private static final List<String> NICE = List.of("nice", "-n", "19");
    private static final List<String> WITH_THE_HUB = List.of("setpriv", "--pdeathsig", "KILL");
    private static final long TRIAL_SECONDS = 5;

    private final List<String> tools;

    private Launcher(List<String> tools) {
        this.tools = List.copyOf(tools);
    }

    /**
     * Tries the tools, each once. Takes some milliseconds.
     *
     * @param isNice whether programs let everything else go first
     */
    static Launcher tried(Map<String, String> surroundings, boolean isNice) throws InterruptedException {
        var tools = new ArrayList<String>();
        for (List<List<String>> either : isNice
                ? List.of(List.of(ALONE, IN_A_NICE_SESSION), List.of(WHEN_IDLE, NICE), List.of(WITH_THE_HUB))
                : List.of(List.of(ALONE, IN_A_SESSION), List.of(WITH_THE_HUB))) {
            tools.addAll(firstThatWorks(either, surroundings));
        }
        return new Launcher(tools);
    }

    /**
     * Starts it, with pipes to all its streams. The thread that calls this must outlive the program: its end counts as the hub's.
     *
     * @throws IOException if it cannot be started
     */
    Process start(Program program) throws IOException {
        Path executable = program.executable()
                .orElseThrow(() -> new IOException(
                        "there is no program " + program.command().getFirst()));
        var command = new ArrayList<>(tools);
        command.add(executable.toString());
        command.addAll(program.command().subList(1, program.command().size()));
        var builder = new ProcessBuilder(command).directory(program.folder().toFile());
        // Nothing of the hub's own: there may be tokens in it.
        builder.environment().clear();
        builder.environment().putAll(program.environment());
        return builder.start();
    }

    private static List<String> firstThatWorks(List<List<String>> either, Map<String, String> surroundings)
            throws InterruptedException {
        for (List<String> each : either) {
            Optional<List<String>> tool = located(each, surroundings);
            if (tool.isPresent() && works(tool.get(), surroundings)) {
                return tool.get();
            }
            log.info("There is no tool {} that child processes could be started with", each.getFirst());
        }
        return List.of();
    }

    private static Optional<List<String>> located(List<String> tool, Map<String, String> surroundings) {
        return Program.find(tool.getFirst(), Path.of("").toAbsolutePath(), surroundings)
                .map(path -> {
                    var located = new ArrayList<>(tool);
                    located.set(0, path.toString());
                    return located;
                });
    }

    /** Small systems have tools of these names that know less. */
    private static boolean works(List<String> tool, Map<String, String> surroundings) throws InterruptedException {
        Optional<List<String>> nothing = located(List.of("true"), surroundings);
        if (nothing.isEmpty()) {
            return false;
        }
        var command = new ArrayList<>(tool);
        command.addAll(nothing.get());
        try {
            Process trial = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && trial.exitValue() == 0;
            } finally {
                trial.destroyForcibly();
            }
        } catch (IOException none) {
            return false;
        }
    }
}
