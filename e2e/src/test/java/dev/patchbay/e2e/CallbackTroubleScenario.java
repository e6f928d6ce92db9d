package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a far side that fails costs, and whom. */
class CallbackTroubleScenario {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private CallbackServer callback;
    private HubProcess hub;
    private Rpc rpc;

    @BeforeEach
    void start() throws Exception {
        callback = new CallbackServer();
        hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, reply: queue, callback: { url: "%s" } }
                  guarded: { verify: none, callback: { url: "http://169.254.1.1/" } }
                  mute: { verify: none }
            delivery: { backoff: [300ms, 600ms], attempts: 4 }
            """.formatted(callback.url()));
        rpc = hub.rpc();
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        callback.close();
    }

    @Test
    void aPeerWhoseCallbackFailsHoldsBackOnlyItself() throws Exception {
        // Given
        var failures = new AtomicInteger(3);
        var benIsHeard = new CountDownLatch(1);
        callback.answerWith(got -> {
            if (!got.peer().equals("anna")) {
                benIsHeard.countDown();
                return 200;
            }
            int left = failures.getAndDecrement();
            if (left == 1) {
                awaitQuietly(benIsHeard);
            }
            return left > 0 ? 500 : 200;
        });

        // When
        say("anna", "1");
        say("anna", "2");
        say("ben", "3");

        // Then
        Bounded.until(SOON, () -> callback.texts("ben").equals(List.of("3")));
        Bounded.until(SOON, () -> callback.texts("anna").equals(List.of("1", "1", "1", "1", "2")));
        assertThat(callback.received())
                .extracting(CallbackServer.Received::text)
                .containsSubsequence("3", "2");
    }

    @Test
    void goneIsADeadLetterAtOnceThatCanBeListedRetriedAndDiscarded() throws Exception {
        // Given
        var gone = new ConcurrentHashMap<String, Integer>();
        gone.put("anna", 410);
        callback.answerWith(got -> gone.getOrDefault(got.peer(), 200));
        say("anna", "first");
        say("anna", "second");
        List<JsonNode> dead = rpc.awaitDead(2);

        // When
        JsonNode second = dead.get(0);
        JsonNode first = dead.get(1);
        rpc.call("deliveries.discard", "delivery_id", second.path("delivery_id").asText());
        gone.clear();
        JsonNode retried = rpc.call(
                "deliveries.retry", "delivery_id", first.path("delivery_id").asText());

        // Then
        assertThat(first.path("attempts").asInt()).isEqualTo(1);
        assertThat(first.path("last_error").asText()).contains("410");
        assertThat(retried.path("count").asInt()).isEqualTo(1);
        Bounded.until(SOON, () -> callback.texts("anna").equals(List.of("first", "second", "first")));
        Bounded.until(SOON, () -> rpc.deliveries("dead").isEmpty());
        assertThat(state(second)).isEqualTo("discarded");
        Bounded.until(SOON, () -> state(first).equals("delivered"));
    }

    @Test
    void afterAllAttemptsTheTrueNumberAndTheReasonAreThere() throws Exception {
        // Given
        callback.answerWith(got -> 503);

        // When
        say("anna", "hello");

        // Then
        JsonNode dead = rpc.awaitDead(1).getFirst();
        assertThat(dead.path("attempts").asInt()).isEqualTo(4);
        assertThat(dead.path("last_error").asText()).contains("503");
        assertThat(callback.texts("anna")).hasSize(4);
    }

    @Test
    void aResetAfterAcceptingIsTriedAgainAndMarked() throws Exception {
        // Given
        var resets = new AtomicInteger(1);
        callback.answerWith(got -> resets.getAndDecrement() > 0 ? 0 : 200);

        // When
        say("anna", "hello");

        // Then
        Bounded.until(SOON, () -> callback.texts("anna").size() == 2);
        Bounded.until(SOON, () -> rpc.deliveries("delivered").size() == 1);
        assertThat(rpc.deliveries("delivered")
                        .getFirst()
                        .path("possibly_repeated")
                        .asBoolean())
                .isTrue();
        assertThat(callback.received().get(0).id())
                .isEqualTo(callback.received().get(1).id());
    }

    @Test
    void aCallbackIntoAPrivateNetworkIsADeadLetterThatNamesTheAddress() throws Exception {
        // When
        rpc.call("messages.send", "channel", "webhook", "account_id", "guarded", "to", "anna", "text", "hello");

        // Then
        JsonNode dead = rpc.awaitDead(1).getFirst();
        assertThat(dead.path("last_error").asText()).contains("169.254.1.1");
    }

    @Test
    void anAccountWithoutACallbackKeepsTheAnswerAndRefusesToSend() throws Exception {
        // Given
        rpc.post("/webhooks/mute", "{\"text\":\"hello\",\"peer\":\"anna\"}");

        // When
        Bounded.until(SOON, () -> history("agent:main:webhook:direct:anna").size() == 2);

        // Then
        assertThat(rpc.call("deliveries.list").path("deliveries")).isEmpty();
        assertThat(code("messages.send", "channel", "webhook", "account_id", "mute", "to", "anna", "text", "x"))
                .isEqualTo(-32602);
        assertThat(code("messages.send", "channel", "nowhere", "to", "anna", "text", "x"))
                .isEqualTo(-32004);
    }

    /** At most as long as a hub may wait for an answer. */
    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean unused = latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String peer, String text) throws Exception {
        assertThat(rpc.post("/webhooks/default", Json.write(java.util.Map.of("text", text, "peer", peer)))
                        .statusCode())
                .isEqualTo(202);
    }

    private String state(JsonNode delivery) throws Exception {
        return rpc.call(
                        "deliveries.list",
                        "delivery_id",
                        delivery.path("delivery_id").asText())
                .path("deliveries")
                .path(0)
                .path("state")
                .asText();
    }

    private JsonNode history(String session) throws Exception {
        try {
            return rpc.call("chat.history", "session_key", session).path("messages");
        } catch (Rpc.RpcError unknown) {
            return Json.read("[]");
        }
    }

    private int code(String method, Object... params) throws Exception {
        try {
            rpc.call(method, params);
            return 0;
        } catch (Rpc.RpcError error) {
            return error.code;
        }
    }
}
