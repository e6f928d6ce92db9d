package dev.patchbay.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running hub: the launcher's own process, started as a user would. Ends it when closed. */
final class HubProcess implements AutoCloseable {
    private static final Path ROOT =
            Path.of(System.getProperty("patchbay.root", "..")).toAbsolutePath().normalize();
    private static final Pattern ADDRESS = Pattern.compile("http://[^\\s/]+:\\d+/");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration RUNNING_LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final Path folder;
    private final Path out;
    private final Path err;

    private HubProcess(Process process, Path folder, Path out, Path err) {
        this.process = process;
        this.folder = folder;
        this.out = out;
        this.err = err;
    }

    /** What a finished command left behind. */
    record Finished(int exitCode, String out, String err) {}

    /** Starts a hub on a free port with its data in {@code folder/data} and waits until it says where it is. */
    static HubProcess start(Path folder, String yaml) throws Exception {
        return start(folder, yaml, List.of());
    }

    /** As {@link #start(Path, String)}, run by another command: one that sets limits, for instance. */
    static HubProcess start(Path folder, String yaml, List<String> runBy) throws Exception {
        HubProcess hub = launch(folder, yaml, runBy);
        try {
            hub.awaitAddress();
            return hub;
        } catch (Exception | Error failed) {
            hub.close();
            throw failed;
        }
    }

    /** Starts a hub without waiting for anything. */
    static HubProcess launch(Path folder, String yaml) throws IOException {
        return launch(folder, yaml, List.of());
    }

    private static HubProcess launch(Path folder, String yaml, List<String> runBy) throws IOException {
        Path config = folder.resolve("hub.yaml");
        Files.writeString(config, yaml);
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        var words = new ArrayList<>(runBy);
        words.addAll(List.of(ROOT.resolve("patchbay").toString(), "run", "--config", config.toString()));
        var command = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        command.environment().keySet().removeIf(name -> name.startsWith("PATCHBAY_"));
        command.environment().putAll(TestEnvironment.ofHubs());
        return new HubProcess(command.start(), folder, out, err);
    }

    /** Runs one command of the product to its end, with {@code input} on its standard input. */
    static Finished run(Path folder, String input, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(ROOT.resolve("patchbay").toString()));
        command.addAll(List.of(arguments));
        Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PATCHBAY_"));
        builder.environment().putAll(TestEnvironment.ofHubs());
        Process process = builder.start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " did not end; it said: " + Files.readString(err));
        }
        return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    String url() {
        Matcher address = ADDRESS.matcher(read(out));
        if (!address.find()) {
            throw new AssertionError("the hub printed no address");
        }
        return address.group().substring(0, address.group().length() - 1);
    }

    String token() {
        return read(folder.resolve("data/admin-token")).strip();
    }

    Rpc rpc() {
        return new Rpc(url(), token());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Nothing is written any more, as in a power cut without the cut. */
    void kill() throws InterruptedException {
        process.toHandle().descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    /** Sends a signal by its name: STOP, CONT. */
    void signal(String name) throws Exception {
        Process sent = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        if (!sent.waitFor(10, TimeUnit.SECONDS) || sent.exitValue() != 0) {
            throw new AssertionError("could not send " + name);
        }
    }

    /** Asks it to stop, without waiting. */
    void askToStop() {
        process.destroy();
    }

    /** Asks it to stop and waits; its exit code. */
    int terminate() throws InterruptedException {
        askToStop();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the hub did not end within a minute");
        }
        return process.exitValue();
    }

    String log() {
        return read(err);
    }

    String output() {
        return read(out);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            try {
                kill();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until it says where it is. */
    void awaitAddress() throws Exception {
        Bounded.until(START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the hub ended with " + process.exitValue() + ": " + log());
            }
            return ADDRESS.matcher(read(out)).find();
        });
    }

    /** Waits until so many accounts of a channel run. */
    void awaitRunning(String channel, int accounts) throws Exception {
        Rpc rpc = rpc();
        Bounded.until(RUNNING_LIMIT, () -> {
            int running = 0;
            for (JsonNode each : rpc.call("channels.status", "channel", channel).path("channels")) {
                running += each.path("state").asText().equals("running") ? 1 : 0;
            }
            return running >= accounts;
        });
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
