package dev.patchbay.hub.agent.process;

import dev.patchbay.api.SettingProblem;
import dev.patchbay.api.Settings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be run, and within which bounds.
 *
 * @param command the program and its arguments
 * @param environment all that the program sees of it
 * @param folder its working directory, absolute
 * @param memoryMaxBytes resident in one worker with all that it has started
 * @param silenceLimit without a sign of life in a turn
 * @param restartsPerHour of all workers
 * @param workers at most at once
 * @param retries further tries of a turn that lost its worker, as long as nothing was shown
 * @param historyLimit lines of history in a turn
 */
record Program(
        List<String> command,
        Map<String, String> environment,
        Path folder,
        long memoryMaxBytes,
        Duration silenceLimit,
        int restartsPerHour,
        int workers,
        int retries,
        int historyLimit) {

    static final int WORKERS_MAX = 20;
    static final int RESTARTS_MAX = 10_000;
    static final int RETRIES_MAX = 10;
    static final int HISTORY_LIMIT_MAX = 1_000;
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TZ");
    private static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

    Program {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * Reads settings that were checked.
     *
     * @param surroundings the hub's own environment
     */
    static Program of(Settings settings, Map<String, String> surroundings) {
        var environment = new LinkedHashMap<String, String>();
        for (String name : INHERITED) {
            String value = surroundings.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        settings.section("env").asMap().forEach((name, value) -> environment.put(name, value.toString()));
        return new Program(
                settings.texts("command"),
                environment,
                Path.of(settings.text("dir", "")).toAbsolutePath().normalize(),
                settings.bytes("max-memory", 500L << 20),
                settings.duration("silence-limit", Duration.ofMinutes(5)),
                (int) settings.number("max-restarts-per-hour", 10, 1, RESTARTS_MAX),
                (int) settings.number("workers", 1, 1, WORKERS_MAX),
                (int) settings.number("retries", 1, 0, RETRIES_MAX),
                (int) settings.number("history-limit", 20, 0, HISTORY_LIMIT_MAX));
    }

    /** What keeps it from being started on this machine as it is now; a look at the disk, nothing more. */
    Optional<SettingProblem> obstacle() {
        if (!Files.isDirectory(folder)) {
            return Optional.of(new SettingProblem(
                    "dir", folder + " is not a folder", "make it, or name another working directory"));
        }
        if (executable().isEmpty()) {
            String name = command.getFirst();
            boolean isPath = name.contains("/");
            return Optional.of(new SettingProblem(
                    "command",
                    isPath
                            ? folder.resolve(name).normalize() + " is not a program that can be run"
                            : "there is no program " + name + " on the PATH",
                    isPath ? "correct the path, or chmod +x it" : "install it, or write its whole path"));
        }
        return Optional.empty();
    }

    /** Where the program is: with a slash seen from its working directory, without one on the PATH. */
    Optional<Path> executable() {
        return find(command.getFirst(), folder, environment);
    }

    static Optional<Path> find(String name, Path folder, Map<String, String> environment) {
        if (name.contains("/")) {
            return runnable(folder, name);
        }
        for (String place : environment.getOrDefault("PATH", USUAL_PATH).split(":", -1)) {
            Optional<Path> found = runnable(folder, place + "/" + name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> runnable(Path folder, String name) {
        try {
            Path path = folder.resolve(name).normalize();
            return Files.isRegularFile(path) && Files.isExecutable(path) ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException nowhere) {
            return Optional.empty();
        }
    }
}
