package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that speak up by themselves: each check from outside, users first, and nothing twice after a kill. */
class HeartbeatScenario extends PulseFixture {
    @BeforeEach
    void prepare() throws Exception {
        Files.writeString(folder.resolve("HEARTBEAT.md"), "# Heartbeat\n\n- Look at the mail\n");
        agent.behave((turn, out) -> AgentServer.json(out, "{\"text\":\"HEARTBEAT_OK\"}"));
    }

    @Test
    void anAgentIsDisabledUntilItHasOne() throws Exception {
        // When
        start("heartbeat: { every: 1s, enabled: false }");

        // Then
        assertThat(status("main").path("enabled").asBoolean()).isFalse();
        assertThat(status("main").path("skipped_reason").asText()).isEqualTo("disabled");
        assertThat(status("plain").path("skipped_reason").asText()).isEqualTo("disabled");
        assertThat(run("main").path("result").asText()).isEqualTo("skipped");
    }

    @Test
    void theIntervalIsKeptAndSilenceReachesNobody() throws Exception {
        // When
        start("heartbeat: { every: 8s, target: \"webhook:default:direct:anna\" }");

        // Then
        assertThat(status("main").path("skipped_reason").asText()).isEqualTo("interval");
        assertThat(agent.timesAsked()).isZero();
        Bounded.until(SOON, () -> status("main").path("last_result").asText().equals("silent"));
        JsonNode after = status("main");
        Instant last = Instant.parse(after.path("last_run_at").asText());
        assertThat(Instant.parse(after.path("next_run_at").asText()))
                .isBetween(last.plusSeconds(8), Instant.now().plusMillis(8_800));
        assertThat(callback.received()).isEmpty();
    }

    @Test
    void outsideOfItsHoursItRestsButNotOnRequest() throws Exception {
        // When
        start("heartbeat: { every: 1s, target: none, zone: UTC, active-hours: \"%s\" }".formatted(notNow()));

        // Then
        Bounded.until(SOON, () -> reason().equals("hours"));
        assertThat(agent.timesAsked()).isZero();
        assertThat(run("main").path("result").asText()).isEqualTo("silent");
    }

    @Test
    void aBlankFileAsksNobodyUntilThereIsSomethingInIt() throws Exception {
        // Given
        Files.writeString(folder.resolve("HEARTBEAT.md"), "# Heartbeat\n<!-- nothing yet -->\n");

        // When
        start("heartbeat: { every: 1s, target: none }");

        // Then
        Bounded.until(SOON, () -> reason().equals("file"));
        assertThat(run("main").path("skipped_reason").asText()).isEqualTo("file");
        assertThat(agent.timesAsked()).isZero();

        // When
        Files.writeString(folder.resolve("HEARTBEAT.md"), "- Water the plants\n");

        // Then
        Bounded.until(SOON, () -> agent.timesAsked() > 0);
    }

    @Test
    void whileSomethingIsOnItsWayToThePeerItWaits() throws Exception {
        // Given: an answer that nobody takes
        callback.answerWith(unused -> 503);
        start("heartbeat: { every: 1s, target: \"webhook:default:direct:anna\" }");
        rpc.call("messages.send", "channel", "webhook", "to", "anna", "text", "first");

        // Then
        Bounded.until(SOON, () -> reason().equals("channel-busy"));
        assertThat(run("main").path("skipped_reason").asText()).isEqualTo("channel-busy");
        int asked = agent.timesAsked();

        // When
        callback.answerWith(unused -> 200);
        rpc.call("deliveries.retry", "all", true);

        // Then
        Bounded.until(SOON, () -> agent.timesAsked() > asked);
    }

    @Test
    void noUsersTurnWaitsForOneAndTheAgentsWorkComesFirst() throws Exception {
        // Given: heartbeats that would take a minute, in an agent with one place
        var beats = new AtomicInteger();
        var isSeen = new CountDownLatch(1);
        agent.behave((turn, out) -> {
            if (turn.path("session_key").asText().endsWith(":heartbeat")) {
                beats.incrementAndGet();
                boolean unused = new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            } else if (turn.path("text").asText().equals("slow")) {
                boolean unused = isSeen.await(60, TimeUnit.SECONDS);
            }
            AgentServer.json(out, "{\"text\":\"here you are\"}");
        });
        start("max-concurrent: 1, heartbeat: { every: 1s, target: none }");

        // When
        for (int i = 1; i <= 3; i++) {
            int beat = i;
            Bounded.until(SOON, () -> beats.get() >= beat);
            long began = System.nanoTime();
            String answer = rpc.call("chat.send", "text", "hello").path("text").asText();

            // Then
            assertThat(answer).isEqualTo("here you are");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            Bounded.until(
                    SOON, () -> status("main").path("last_result").asText().equals("skipped"));
        }

        // When: the agent works for somebody
        Thread user = Thread.startVirtualThread(() -> {
            try {
                rpc.call("chat.send", "text", "slow");
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });

        // Then
        Bounded.until(SOON, () -> run("main").path("skipped_reason").asText().equals("agent-busy"));
        isSeen.countDown();
        user.join();
    }

    @Test
    void whatWasSaidIsNotSaidAgainAfterAKill() throws Exception {
        // Given: an agent that always says the same
        agent.behave((turn, out) -> AgentServer.json(out, "{\"text\":\"The disk is full\"}"));
        start("heartbeat: { every: 1s, target: last }");
        assertThat(run("main").path("error").asText()).startsWith("no target");
        rpc.post("/webhooks/default", "{\"text\":\"hello\",\"peer\":\"anna\"}");
        Bounded.until(SOON, () -> callback.received().size() == 2);

        // When
        for (int i = 0; i < 3; i++) {
            Bounded.until(
                    SOON, () -> status("main").path("last_result").asText().equals("duplicate"));
            hub.kill();
            start("heartbeat: { every: 1s, target: last }");
        }
        int asked = agent.timesAsked();
        Bounded.until(SOON, () -> agent.timesAsked() > asked + 1);

        // Then: the answer to "hello", and one heartbeat
        assertThat(callback.received()).hasSize(2);
    }

    @Test
    void aFailureIsShownAndNeverSent() throws Exception {
        // Given
        agent.behave((turn, out) -> AgentServer.whole(out, "500 Oops", "text/plain", "stack trace"));

        // When
        start("on-failure: apologise, heartbeat: { every: 1s, target: \"webhook:default:direct:anna\" }");
        Bounded.until(SOON, () -> status("main").path("last_result").asText().equals("failed"));
        Bounded.until(SOON, () -> agent.timesAsked() > 6);

        // Then
        assertThat(callback.received()).isEmpty();
        agent.behave((turn, out) -> AgentServer.json(out, "{\"text\":\"fine\"}"));
        assertThat(rpc.call("chat.send", "text", "hello").path("text").asText()).isEqualTo("fine");
    }

    /** An hour that begins two hours from now. */
    private static String notNow() {
        LocalTime from = LocalTime.now(ZoneOffset.UTC).plusHours(2).truncatedTo(ChronoUnit.MINUTES);
        return from + "-" + from.plusHours(1);
    }

    private String reason() throws Exception {
        return status("main").path("skipped_reason").asText();
    }

    private JsonNode status(String id) throws Exception {
        for (JsonNode each : rpc.call("heartbeat.status").path("agents")) {
            if (each.path("agent_id").asText().equals(id)) {
                return each;
            }
        }
        throw new AssertionError("no agent " + id);
    }

    private JsonNode run(String id) throws Exception {
        return rpc.call("heartbeat.run", "agent_id", id);
    }

    private void start(String heartbeat) throws Exception {
        start(heartbeat, "[]");
    }
}
