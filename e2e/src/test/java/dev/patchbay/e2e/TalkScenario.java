package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that meet others of their session: stopped, interrupted, collected, waited for; also over a kill. */
class TalkScenario {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Two seconds are promised; the rest is for a machine that others use, too. Without the stop it would take half a minute. */
    private static final Duration STOP_MAX = Duration.ofSeconds(2 + 10);

    private static final String ANNA = "agent:main:webhook:direct:anna";
    private static final String SEVEN = "agent:main:telegram:direct:7";

    @TempDir
    Path folder;

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot("42:token", "talk_bot");
    private final FakeChat chat = bot.direct(7);
    private final AgentServer agent = new AgentServer();

    /** Opened when the agent may go on with what begins with "slow". */
    private final CountDownLatch go = new CountDownLatch(1);

    TalkScenario() throws IOException {
        agent.behave((turn, out) -> {
            String text = turn.path("text").asText();
            if (text.startsWith("stream")) {
                AgentServer.begin(out, "application/x-ndjson");
                AgentServer.chunk(out, "{\"delta\":\"half an answer \"}\n");
                go.await();
            } else {
                if (text.startsWith("slow") && !go.await(SOON.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
                AgentServer.json(out, Json.write(Map.of("text", "re: " + text)));
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        go.countDown();
        agent.close();
        telegram.close();
    }

    @Test
    void stopEndsAHangingTurnWithinTwoSecondsAndTheNextOneRuns() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, yaml("queue", "0ms"))) {
            Rpc rpc = hub.rpc();
            var hanging = call(rpc, "slow");
            Bounded.until(SOON, () -> agent.timesAsked() == 1);
            var behind = call(rpc, "behind");
            Bounded.until(SOON, () -> waiting(rpc) == 1);

            // When
            long before = System.nanoTime();
            JsonNode stop = call(rpc, "/stop").get(SOON.toSeconds(), TimeUnit.SECONDS);

            // Then
            assertThat(failure(hanging)).contains("-32008").contains("\"reason\":\"stopped\"");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(STOP_MAX);
            assertThat(stop.path("text").asText()).isEqualTo("Stopped. One message waits and is answered now.");
            assertThat(behind.get(SOON.toSeconds(), TimeUnit.SECONDS)
                            .path("text")
                            .asText())
                    .isEqualTo("re: behind");
            JsonNode first = history(rpc, ANNA).getFirst();
            assertThat(first.path("metadata").path("error").asText()).isEqualTo("stopped by /stop");
            assertThat(call(rpc, "/stop")
                            .get(SOON.toSeconds(), TimeUnit.SECONDS)
                            .path("text")
                            .asText())
                    .isEqualTo("There is nothing to stop.");
        }
    }

    @Test
    void stopOnTelegramTakesTheHalfAnswerAway() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, yaml("queue", "0ms"))) {
            chat.userSays("stream something");
            chat.awaitSeen(1, SOON);

            // When
            chat.userSays("/stop");

            // Then
            Bounded.until(SOON, () -> chat.texts().equals(List.of("Stopped.")));
            assertThat(texts(hub.rpc(), SEVEN)).containsExactly("stream something", "/stop", "Stopped.");
        }
    }

    @Test
    void aNewerMessageInterrupts() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, yaml("interrupt", "0ms"))) {
            Rpc rpc = hub.rpc();
            var old = call(rpc, "slow");
            Bounded.until(SOON, () -> agent.timesAsked() == 1);

            // When
            var young = call(rpc, "newer");

            // Then
            assertThat(failure(old)).contains("-32008").contains("\"reason\":\"interrupted\"");
            assertThat(young.get(SOON.toSeconds(), TimeUnit.SECONDS)
                            .path("text")
                            .asText())
                    .isEqualTo("re: newer");
        }
    }

    @Test
    void whatWaitsIsCollectedAndAKillAnswersEachOnce() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, yaml("collect", "0ms"))) {
            Rpc rpc = hub.rpc();
            say(rpc, "slow");
            Bounded.until(SOON, () -> agent.timesAsked() == 1);
            say(rpc, "two");
            say(rpc, "three");

            // When
            hub.kill();
        }
        go.countDown();
        try (HubProcess next = HubProcess.start(folder, yaml("collect", "0ms"))) {
            Rpc rpc = next.rpc();
            Bounded.until(SOON, () -> history(rpc, ANNA).size() == 4);

            // Then
            assertThat(texts(rpc, ANNA)).containsExactly("slow", "two", "three", "re: slow\ntwo\nthree");
        }
    }

    @Test
    void aKillWhileQuietIsWaitedForLosesNothingAndAnswersOnce() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, yaml("queue", "20s"))) {
            Rpc rpc = hub.rpc();
            say(rpc, "I");
            say(rpc, "think");
            assertThat(agent.timesAsked()).isZero();

            // When
            hub.kill();
        }
        try (HubProcess next = HubProcess.start(folder, yaml("queue", "1s"))) {
            Rpc rpc = next.rpc();
            Bounded.until(SOON, () -> history(rpc, ANNA).size() == 3);

            // Then
            assertThat(texts(rpc, ANNA)).containsExactly("I", "think", "re: I\nthink");
            assertThat(agent.timesAsked()).isEqualTo(1);
        }
    }

    private static void say(Rpc rpc, String text) throws Exception {
        assertThat(rpc.post("/webhooks/default", "{\"text\":\"" + text + "\",\"peer\":\"anna\"}")
                        .statusCode())
                .isEqualTo(202);
    }

    private static FutureTask<JsonNode> call(Rpc rpc, String text) {
        var call = new FutureTask<>(() -> rpc.call("chat.send", "text", text, "session_key", ANNA));
        Thread.ofVirtual().start(call);
        return call;
    }

    private static String failure(FutureTask<JsonNode> call) throws Exception {
        try {
            return call.get(SOON.toSeconds(), TimeUnit.SECONDS).toString();
        } catch (ExecutionException failed) {
            return String.valueOf(failed.getCause());
        }
    }

    private static long waiting(Rpc rpc) throws Exception {
        return rpc.get("/metrics", "Authorization", "Bearer " + rpc.token())
                .body()
                .lines()
                .filter(line -> line.startsWith("patchbay_inbound_waiting"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static List<JsonNode> history(Rpc rpc, String session) throws Exception {
        var lines = new ArrayList<JsonNode>();
        try {
            rpc.call("chat.history", "session_key", session).path("messages").forEach(lines::add);
        } catch (Rpc.RpcError noSuchSession) {
            // No turn has ended yet.
        }
        return lines;
    }

    private static List<String> texts(Rpc rpc, String session) throws Exception {
        return history(rpc, session).stream()
                .map(each -> each.path("content").asText())
                .toList();
    }

    private String yaml(String busy, String debounce) {
        return """
            server: { port: 0 }
            agents:
              main: { type: http, url: "%s", timeout: 60s, busy: %s }
            inbound: { debounce: %s }
            channels:
              webhook: { accounts: { default: { verify: none, reply: queue } } }
              telegram: { accounts: { default: { token: "42:token", api-url: "%s", mode: polling, dm-policy: open } } }
            """.formatted(agent.url(), busy, debounce, telegram.url());
    }
}
