package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 64 clients send 10 MB each at once to a hub with the launcher's own 512 MB of heap: by webhook, {@code POST /rpc} and WebSocket.
 * {@code -Dpatchbay.waves=10} for more than two waves of them.
 */
class LongMessagesScenario {
    private static final int CLIENTS = 64;
    private static final int WAVES = Integer.getInteger("patchbay.waves", 2);
    private static final int TEXT_BYTES = 10 * 1024 * 1024 - 1_000;
    private static final byte[] TEXT = text();

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();

    @Test
    void eachGetsAnAnswerTheHubStaysUpAndSmallMessagesGoOn() throws Exception {
        try (CallbackServer callback = new CallbackServer();
                HubProcess hub = HubProcess.start(folder, yaml(callback));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Rpc rpc = hub.rpc();
            var over = new CompletableFuture<Void>();
            CompletableFuture<Integer> small = CompletableFuture.supplyAsync(() -> smallOnes(rpc, over), clients);

            // When
            for (int wave = 0; wave < WAVES; wave++) {
                var all = new CompletableFuture<?>[CLIENTS];
                for (int i = 0; i < CLIENTS; i++) {
                    String name = wave + "-" + i;
                    int door = i % 3;
                    all[i] = CompletableFuture.runAsync(() -> send(hub, name, door), clients);
                }
                CompletableFuture.allOf(all).get(180, TimeUnit.SECONDS);
            }
            over.complete(null);
            int smallSent = small.get(60, TimeUnit.SECONDS);

            // Then
            System.out.println("long messages: " + WAVES * CLIENTS + " of 10 MB, answers " + new TreeMap<>(answers)
                    + ", " + smallSent + " small ones meanwhile, resident "
                    + Machine.residentKilobytes(hub.pid()) / 1024 + " MB");
            assertThat(answers.keySet())
                    .as("each is accepted or refused by name")
                    .isSubsetOf(
                            "webhook 202",
                            "webhook 503",
                            "rpc 0",
                            "rpc -32010",
                            "ws 0",
                            "ws -32010",
                            "ws 1008",
                            "ws 1013");
            assertThat(accepted).as("at least the first finds room").isNotEmpty();
            assertThat(smallSent).isPositive();
            Bounded.until(
                    Duration.ofMinutes(2),
                    () -> callback.received().stream()
                                    .filter(each -> each.text().length() == TEXT_BYTES)
                                    .map(CallbackServer.Received::peer)
                                    .distinct()
                                    .count()
                            == accepted.stream()
                                    .filter(each -> each.startsWith("w-"))
                                    .count());
            Bounded.until(
                    Duration.ofSeconds(60),
                    () -> rpc.call("health").path("status").asText().equals("ok"));
            assertThat(rpc.call("chat.send", "text", "still here").path("text").asText())
                    .isEqualTo("still here");
            assertThat(hub.log()).doesNotContain("OutOfMemoryError");
            assertThat(hub.terminate()).isZero();
        }
    }

    private void send(HubProcess hub, String name, int door) {
        try {
            switch (door) {
                case 0 -> webhook(hub, name);
                case 1 -> rpc(hub, name);
                default -> socket(hub, name);
            }
        } catch (Exception strange) {
            count((door == 0 ? "webhook " : door == 1 ? "rpc " : "ws ") + strange);
        }
    }

    private void webhook(HubProcess hub, String name) throws Exception {
        HttpResponse<String> answer = client.send(
                post(hub, "/webhooks/default", "{\"peer\":\"w-" + name + "\",\"text\":\"", "\"}"),
                HttpResponse.BodyHandlers.ofString());
        count("webhook " + answer.statusCode());
        if (answer.statusCode() == 202) {
            accepted.add("w-" + name);
        }
    }

    private void rpc(HubProcess hub, String name) throws Exception {
        HttpResponse<String> answer =
                client.send(post(hub, "/rpc", call("r-" + name), "\"}}"), HttpResponse.BodyHandlers.ofString());
        judge("rpc", "r-" + name, Json.read(answer.body()));
    }

    private void socket(HubProcess hub, String name) throws Exception {
        var end = new CompletableFuture<String>();
        WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("patchbay.v1", "bearer." + hub.token())
                .buildAsync(URI.create(hub.url().replace("http:", "ws:") + "/ws"), new Listening(end))
                .get(60, TimeUnit.SECONDS);
        socket.sendText(call("s-" + name) + new String(TEXT, StandardCharsets.US_ASCII) + "\"}}", true)
                .exceptionally(closed -> socket);
        String answer = end.get(120, TimeUnit.SECONDS);
        if (answer.startsWith("{")) {
            judge("ws", "s-" + name, Json.read(answer));
            socket.abort();
        } else {
            count("ws " + answer);
        }
    }

    private void judge(String door, String session, JsonNode answer) {
        if (answer.has("error")) {
            count(door + " " + answer.path("error").path("code").asInt());
            return;
        }
        assertThat(answer.path("result").path("text").asText())
                .as("the echo of %s", session)
                .hasSize(TEXT_BYTES);
        count(door + " 0");
        accepted.add(session);
    }

    private static int smallOnes(Rpc rpc, CompletableFuture<Void> over) {
        int sent = 0;
        try {
            while (!over.isDone()) {
                String text = "small " + sent;
                assertThat(rpc.call("chat.send", "text", text, "session_key", "agent:main:direct:small")
                                .path("text")
                                .asText())
                        .isEqualTo(text);
                sent++;
            }
            return sent;
        } catch (java.io.IOException cut) {
            throw new java.io.UncheckedIOException(cut);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return sent;
        }
    }

    private static String call(String peer) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"chat.send\",\"params\":{\"session_key\":\"agent:main:direct:"
                + peer + "\",\"text\":\"";
    }

    private static HttpRequest post(HubProcess hub, String path, String before, String after) {
        return HttpRequest.newBuilder(URI.create(hub.url() + path))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + hub.token())
                .POST(HttpRequest.BodyPublishers.concat(
                        HttpRequest.BodyPublishers.ofString(before),
                        HttpRequest.BodyPublishers.ofByteArray(TEXT),
                        HttpRequest.BodyPublishers.ofString(after)))
                .build();
    }

    private void count(String answer) {
        answers.computeIfAbsent(answer, unused -> new AtomicInteger()).incrementAndGet();
    }

    private static byte[] text() {
        var text = new byte[TEXT_BYTES];
        Arrays.fill(text, (byte) 'x');
        return text;
    }

    /** Waits for one text, or the code of the end. */
    private static final class Listening implements WebSocket.Listener {
        private final CompletableFuture<String> end;
        private final StringBuilder text = new StringBuilder();

        Listening(CompletableFuture<String> end) {
            this.end = end;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence piece, boolean last) {
            text.append(piece);
            if (last) {
                end.complete(text.toString());
            }
            socket.request(1);
            return null;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onClose(
                WebSocket socket, int code, String reason) {
            end.complete(Integer.toString(code));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end.complete("broke: " + error);
        }
    }

    private static String yaml(CallbackServer callback) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, reply: queue, callback: { url: "%s" } }
            delivery: { attempt-timeout: 60s }
            """.formatted(callback.url());
    }
}
