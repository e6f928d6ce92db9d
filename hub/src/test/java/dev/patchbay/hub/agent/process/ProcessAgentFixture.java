package dev.patchbay.hub.agent.process;

import static dev.patchbay.hub.agent.Turns.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.Staff;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.Turns;
import dev.patchbay.hub.attachment.TestFiles;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.PrometheusMeters;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The agent {@code main} of type process with real child processes; closed after each test, and then all of them must be gone. */
final class ProcessAgentFixture implements AfterEachCallback {
    static final Duration SOON = Duration.ofSeconds(30);

    final List<String> shown = Collections.synchronizedList(new ArrayList<>());
    final PrometheusMeters meters = new PrometheusMeters();

    private final Map<String, Object> settings = new HashMap<>();
    private Duration timeout = Duration.ofSeconds(60);
    private Duration hour = Duration.ofHours(1);
    private boolean isNice;
    private Optional<Agents> opened = Optional.empty();
    private final List<Long> seen = new ArrayList<>();

    /** Lets {@link TroubledProgram} answer. */
    ProcessAgentFixture troubled(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                Path.of(TroubledProgram.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                TroubledProgram.class.getName()));
        command.addAll(List.of(arguments));
        return with("command", command);
    }

    /** Lets a script of the shell answer. */
    ProcessAgentFixture shell(String script) {
        return with("command", List.of("sh", "-c", script));
    }

    ProcessAgentFixture with(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    ProcessAgentFixture timeout(Duration value) {
        timeout = value;
        return this;
    }

    /** Its programs let everything else go first, as usual; without this they do not, so that they run beside other tests. */
    ProcessAgentFixture nice() {
        isNice = true;
        return this;
    }

    /** How long the hour is in which restarts are counted. */
    ProcessAgentFixture hour(Duration value) {
        hour = value;
        return this;
    }

    Agents agents() throws InterruptedException {
        if (opened.isEmpty()) {
            ThreadFactory threads = Thread.ofVirtual().factory();
            var ending = new Ending(Duration.ofMillis(500), Duration.ofMillis(500));
            opened = Optional.of(Agents.open(
                    List.of(spec("main", "process")
                            .timeout(timeout)
                            .settings(settings)
                            .build()),
                    Map.of(
                            "process",
                            new ProcessAgentPlugin(
                                    TestFiles.nowhere(),
                                    meters,
                                    System.getenv(),
                                    new WorkerPool.Rules(hour, ending, Path.of("/proc"), isNice),
                                    Duration.ofMillis(50))),
                    meters,
                    new World(Clock.systemUTC(), (when, action) -> {}, Thread.ofVirtual()::start, new Random(1)),
                    threads));
        }
        return opened.get();
    }

    TurnResult run(String text) throws InterruptedException {
        return run(Turns.turn(text));
    }

    TurnResult run(Turn turn) throws InterruptedException {
        try {
            return agents().run("main", turn, shown::add);
        } finally {
            remember();
        }
    }

    /** The text of an answer. */
    String answer(String text) throws InterruptedException {
        TurnResult result = run(text);
        assertThat(result).isInstanceOf(TurnResult.Answered.class);
        return ((TurnResult.Answered) result).text();
    }

    /** Why there was no answer. */
    String failure(String text) throws InterruptedException {
        TurnResult result = run(text);
        assertThat(result).isInstanceOf(TurnResult.Failed.class);
        return ((TurnResult.Failed) result).reason();
    }

    Staff staff() throws InterruptedException {
        return agents().status().getFirst().staff().orElseThrow();
    }

    long pid() throws InterruptedException {
        return staff().members().getFirst().pid();
    }

    /** Lost workers, as the metrics page has them. */
    long lost(String reason) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith("patchbay_agent_worker_restarts_total")
                        && line.contains("reason=\"" + reason + "\""))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Waits for something that other processes do. */
    static void until(Callable<Boolean> claim) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!claim.call()) {
            assertThat(System.nanoTime()).as("it did not happen").isLessThan(end);
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }

    static boolean isAlive(long pid) {
        // One that only waits for its parent to look is dead.
        ProcTable table = ProcTable.read(Path.of("/proc"));
        return table.isEmpty()
                ? ProcessHandle.of(pid).isPresent()
                : table.entries().containsKey(pid);
    }

    private void remember() throws InterruptedException {
        agents().status().getFirst().staff().ifPresent(staff -> staff.members().forEach(each -> seen.add(each.pid())));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        opened.ifPresent(Agents::close);
        until(() -> seen.stream().noneMatch(ProcessAgentFixture::isAlive));
    }
}
