package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.session.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;

/** Heartbeats of one agent every half hour, whose file says what to look at. */
abstract class HeartbeatFixture extends PulseFixture {
    static final Duration HALF_HOUR = Duration.ofMinutes(30);
    static final Duration LONGEST = Duration.ofMinutes(33);
    static final SilenceRule RULE = new SilenceRule("HEARTBEAT_OK", 300);
    static final String SESSION = "agent:main:heartbeat";

    Path file;
    Heartbeats heartbeats;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("HEARTBEAT.md");
        Files.writeString(file, "- look at the mail");
        begin(usual());
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    Heartbeats.Means means() {
        return new Heartbeats.Means(store, inbox.ownTurns(), targets, deliveries, agents);
    }

    CompletableFuture<TurnResult> user() throws Exception {
        var answer = new CompletableFuture<TurnResult>();
        int before = asked.size();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(agents.run("main", userTurn(), piece -> {}));
            } catch (Exception failure) {
                answer.completeExceptionally(failure);
            }
        });
        await(() -> asked.size() > before || answer.isDone());
        return answer;
    }

    static Turn userTurn() {
        return new Turn(
                "m1", "agent:main:main", "main", "api", "default", null, null, "hello", List.of(), limit -> List.of());
    }

    HeartbeatSpec usual() {
        return spec("main", HALF_HOUR, Optional.empty(), ANNA);
    }

    HeartbeatSpec spec(String agent, Duration every, Optional<ActiveHours> hours, Target target) {
        return new HeartbeatSpec(agent, true, every, file, hours, target, RULE);
    }

    final void begin(HeartbeatSpec... specs) throws Exception {
        heartbeats = new Heartbeats(List.of(specs), means(), world.world());
        heartbeats.start(Instant.EPOCH);
    }

    void again(HeartbeatSpec... specs) throws Exception {
        heartbeats.close();
        restart();
        begin(specs);
    }

    Outcome run(String agent) throws InterruptedException {
        return heartbeats.run(agent).orElseThrow();
    }

    HeartbeatStatus status() throws InterruptedException {
        return status("main");
    }

    HeartbeatStatus status(String agent) throws InterruptedException {
        return heartbeats.status().stream()
                .filter(each -> each.agentId().equals(agent))
                .findFirst()
                .orElseThrow();
    }

    static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + ":00Z");
    }
}
