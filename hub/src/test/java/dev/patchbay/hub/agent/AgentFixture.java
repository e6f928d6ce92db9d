package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Agent;
import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.lane.HeldStopwatch;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.PrometheusMeters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Scripted agents, a clock that stands, and what was shown. After each test held agents are let go and all are closed. */
final class AgentFixture implements AfterEachCallback {
    final ManualClock clock = new ManualClock("2026-03-01T10:00:00Z");
    final PrometheusMeters meters = new PrometheusMeters();
    final ScriptedPlugin plugin = new ScriptedPlugin();
    final List<String> shown = Collections.synchronizedList(new ArrayList<>());
    /** Opens at the end of the test. */
    final CountDownLatch release = new CountDownLatch(1);

    private Stopwatch stopwatch = Stopwatch.SYSTEM;
    private Optional<Agents> opened = Optional.empty();

    /** The time that agents have begins to pass when the test says so: where one must begin in time and not end in time. To be called first. */
    HeldStopwatch hold() {
        var held = new HeldStopwatch();
        stopwatch = held;
        return held;
    }

    /** Its clock stands. */
    World world() {
        return new World(
                clock, (when, action) -> {}, Thread.ofVirtual()::start, new Random(1), stopwatch, FailPoints.NONE);
    }

    Agents open(String id, Agent agent) {
        plugin.with(id, agent);
        return open(spec(id, "scripted").build());
    }

    Agents open(AgentSpec... specs) {
        try {
            Agents agents = Agents.open(
                    List.of(specs),
                    Map.of("scripted", plugin),
                    meters,
                    world(),
                    Thread.ofVirtual().factory());
            opened = Optional.of(agents);
            return agents;
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** Closed after the test. */
    Agents keep(Agents agents) {
        opened = Optional.of(agents);
        return agents;
    }

    List<TurnResult> sideBySide(Agents agents, int turns) throws InterruptedException {
        var results = Collections.synchronizedList(new ArrayList<TurnResult>());
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < turns; i++) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    results.add(agents.run("main", turn("Hi"), piece -> {}));
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread each : callers) {
            each.join();
        }
        return results;
    }

    /** What the metrics page says of the breaker of {@code main}. */
    String breakerGauge() {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith("patchbay_breaker_state{name=\"agent:main\"}"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    static TurnResult.Failed failed(TurnResult result) {
        assertThat(result).isInstanceOf(TurnResult.Failed.class);
        return (TurnResult.Failed) result;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        release.countDown();
        opened.ifPresent(Agents::close);
    }
}
