package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent that hangs, fails, lies or breaks off costs, and whom. */
class AgentTroubleScenario {
    @TempDir
    Path folder;

    private AgentServer agent;
    private CallbackServer callback;
    private HubProcess hub;
    private Rpc rpc;

    @BeforeEach
    void start() throws Exception {
        agent = new AgentServer();
        callback = new CallbackServer();
        hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main: { type: echo }
              remote: { type: http, url: "%s", timeout: 60s, breaker: { failures: 5, wait: 4s } }
              hasty: { type: http, url: "%s", timeout: 2s }
              patient: { type: http, url: "%s", timeout: 60s, max-concurrent: 2000 }
            bindings:
              - { agent: patient, match: { channel: webhook, account: crowd } }
              - { agent: remote, match: { channel: webhook } }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, callback: { url: "%s" } }
                  sync: { verify: none, reply: sync }
                  crowd: { verify: none }
            """.formatted(agent.url(), agent.url(), agent.url(), callback.url()));
        rpc = hub.rpc();
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        agent.close();
        callback.close();
    }

    @Test
    void eachKindOfTroubleCostsItsOwnTurnAndNoPeerSeesIt() throws Exception {
        // Given
        agent.behave((turn, out) -> {
            switch (turn.path("text").asText()) {
                case "hang" -> new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                case "500" -> AgentServer.whole(out, "500 Oops", "text/plain", "stack trace");
                case "garbage" -> AgentServer.json(out, "{\"text\": tru");
                case "half" -> {
                    AgentServer.begin(out, "application/x-ndjson");
                    AgentServer.chunk(out, "{\"delta\":\"half an \"}\n");
                }
                default -> AgentServer.json(out, "{\"text\":\"fine\"}");
            }
        });

        // When
        int hang = code("hang", "hasty");
        int error = code("500");
        int garbage = code("garbage");
        int half = code("half");
        rpc.post("/webhooks/default", "{\"text\":\"half\",\"peer\":\"anna\"}");
        int sync = rpc.post("/webhooks/sync", "{\"text\":\"500\",\"peer\":\"ben\"}")
                .statusCode();
        Bounded.until(Duration.ofSeconds(30), () -> lastLineHasError("agent:remote:webhook:direct:anna"));

        // Then
        assertThat(List.of(hang, error, garbage, half)).containsExactly(-32009, -32008, -32008, -32008);
        assertThat(sync).isIn(502, 503);
        assertThat(callback.received()).isEmpty();
        assertThat(rpc.call("chat.send", "text", "hello", "agent_id", "main")
                        .path("text")
                        .asText())
                .isEqualTo("hello");
    }

    @Test
    void theBreakerOpensClosesAgainAndIsSeenInTheMetrics() throws Exception {
        // Given
        agent.behave((turn, out) -> AgentServer.whole(out, "500 Oops", "text/plain", ""));
        for (int i = 0; i < 5; i++) {
            code("x");
        }
        int asked = agent.timesAsked();

        // When
        int refused = code("x");
        double open = breaker();
        agent.behave((turn, out) -> AgentServer.json(out, "{\"text\":\"back\"}"));

        // Then
        assertThat(refused).isEqualTo(-32008);
        assertThat(agent.timesAsked()).isEqualTo(asked);
        assertThat(open).isNotEqualTo(0.0);
        Bounded.until(Duration.ofSeconds(20), () -> code("x") == 0 && breaker() == 0);
    }

    @Test
    void turnsOfOneSessionNeverOverlapAndAThousandSessionsRunSideBySide() throws Exception {
        // Given
        Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
        var overlaps = new AtomicInteger();
        var now = new AtomicInteger();
        var together = new AtomicInteger();
        var all = new CountDownLatch(1_000);
        var senders = new Semaphore(200);
        agent.behave((turn, out) -> {
            var here = inside.computeIfAbsent(turn.path("session_key").asText(), unused -> new AtomicInteger());
            if (here.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            together.accumulateAndGet(now.incrementAndGet(), Math::max);
            all.countDown();
            boolean unused = all.await(40, TimeUnit.SECONDS);
            now.decrementAndGet();
            here.decrementAndGet();
            AgentServer.json(out, "{\"text\":\"ok\"}");
        });

        // When
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = java.util.stream.IntStream.range(0, 2_000)
                    .mapToObj(i -> callers.submit(() -> {
                        senders.acquire();
                        try {
                            String body = Json.write(Map.of("text", "t" + i, "peer", "p" + i % 1_000));
                            return rpc.post("/webhooks/crowd", body).statusCode();
                        } finally {
                            senders.release();
                        }
                    }))
                    .toList();
            for (Future<Integer> each : answers) {
                assertThat(each.get()).isEqualTo(202);
            }
        }
        Bounded.until(Duration.ofSeconds(60), () -> agent.timesAsked() >= 2_000);

        // Then
        assertThat(overlaps).hasValue(0);
        assertThat(together).hasValueGreaterThan(500);
    }

    private boolean lastLineHasError(String session) throws Exception {
        try {
            var messages = rpc.call("chat.history", "session_key", session).path("messages");
            return messages.path(messages.size() - 1).path("metadata").has("error");
        } catch (Rpc.RpcError notYet) {
            return false;
        }
    }

    private int code(String text) throws Exception {
        return code(text, "remote");
    }

    private int code(String text, String to) throws Exception {
        try {
            rpc.call("chat.send", "text", text, "agent_id", to);
            return 0;
        } catch (Rpc.RpcError error) {
            return error.code;
        }
    }

    private double breaker() throws Exception {
        String metrics =
                rpc.get("/metrics", "Authorization", "Bearer " + rpc.token()).body();
        return metrics.lines()
                .filter(line -> line.startsWith("patchbay_breaker_state") && line.contains("remote"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }
}
