package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} under load, again and again: 5 rounds by default, {@code -Dpatchbay.rounds=50} for more, {@code -Dpatchbay.seed=N} to
 * choose the moments again. Peers send numbered messages one after the other, each only when the one before was acknowledged, and
 * repeat what was not, as webhook senders do.
 */
class KillRoundsScenario {
    private static final int PEERS = 20;
    private static final int ROUNDS = Integer.getInteger("patchbay.rounds", 5);
    private static final long SEED = Long.getLong("patchbay.seed", System.nanoTime());

    @TempDir
    Path folder;

    private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
    private final AtomicReference<Rpc> hub = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void nothingAcknowledgedIsLostOrderIsKeptAndEachRepeatIsMarked() throws Exception {
        System.out.println("kill rounds: " + ROUNDS + ", seed " + SEED);
        var random = new Random(SEED);
        try (CallbackServer callback = new CallbackServer();
                ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            String yaml = yaml(callback);
            HubProcess process = HubProcess.start(folder, yaml);
            hub.set(process.rpc());
            for (int i = 0; i < PEERS; i++) {
                String peer = "peer-" + i;
                acknowledged.put(peer, new ArrayList<>());
                var unused = peers.submit(() -> talk(peer));
            }

            // When
            for (int round = 0; round < ROUNDS; round++) {
                Bounded.pass(Duration.ofMillis(300 + random.nextInt(1_500)));
                process.kill();
                process = HubProcess.start(folder, yaml);
                hub.set(process.rpc());
            }
            over.set(true);
            peers.shutdown();
            assertThat(peers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            Rpc rpc = process.rpc();
            try {
                Bounded.until(Duration.ofSeconds(60), () -> open(rpc) == 0);
            } catch (AssertionError stuck) {
                System.out.println(rpc.call("deliveries.list", "state", "pending", "limit", 5));
                System.out.println(rpc.call("deliveries.list", "state", "sending", "limit", 5));
                System.out.println(rpc.call("channels.status"));
                System.out.println(process.log());
                throw stuck;
            }
            List<JsonNode> deliveries = rpc.all("deliveries.list", "deliveries");
            process.terminate();

            // Then
            judge(callback.received(), deliveries);
        }
    }

    private void judge(List<CallbackServer.Received> received, List<JsonNode> deliveries) {
        Set<String> marked = deliveries.stream()
                .filter(each -> each.path("possibly_repeated").asBoolean())
                .map(each -> each.path("delivery_id").asText())
                .collect(Collectors.toSet());
        int repeats = 0;
        for (Map.Entry<String, List<String>> peer : acknowledged.entrySet()) {
            List<String> got = received.stream()
                    .filter(each -> each.peer().equals(peer.getKey()))
                    .map(CallbackServer.Received::text)
                    .toList();
            var once = new LinkedHashSet<>(got);
            assertThat(once).as("acknowledged and delivered, %s", peer.getKey()).containsAll(peer.getValue());
            assertThat(once.stream().map(Integer::parseInt).toList())
                    .as("order of %s", peer.getKey())
                    .isSorted();
            Map<String, Integer> times = new HashMap<>();
            received.stream()
                    .filter(each -> each.peer().equals(peer.getKey()))
                    .forEach(each -> times.merge(each.id(), 1, Integer::sum));
            int repeated = times.values().stream().mapToInt(count -> count - 1).sum();
            repeats += repeated;
            assertThat(repeated).as("repeats of %s", peer.getKey()).isLessThanOrEqualTo(ROUNDS);
            assertThat(got.size() - once.size())
                    .as("only deliveries repeat, not turns")
                    .isEqualTo(repeated);
            times.forEach((id, count) -> {
                if (count > 1) {
                    assertThat(marked).as("a repeat is marked").contains(id);
                }
            });
        }
        int total = acknowledged.values().stream().mapToInt(List::size).sum();
        System.out.println("kill rounds: " + total + " acknowledged, 0 lost, " + repeats + " repeated and marked");
        assertThat(total).as("the load was real").isGreaterThan(PEERS * ROUNDS);
    }

    private void talk(String peer) {
        int next = 1;
        while (!over.get()) {
            if (post(peer, next)) {
                Objects.requireNonNull(acknowledged.get(peer)).add(Integer.toString(next));
                next++;
            }
        }
    }

    private boolean post(String peer, int number) {
        var body = new LinkedHashMap<String, Object>();
        body.put("text", Integer.toString(number));
        body.put("peer", peer);
        try {
            HttpResponse<String> response = Objects.requireNonNull(hub.get())
                    .post("/webhooks/default", Json.write(body), "webhook-id", peer + "-" + number);
            return response.statusCode() == 202;
        } catch (IOException down) {
            return pause();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            over.set(true);
            return false;
        }
    }

    private static boolean pause() {
        try {
            Bounded.pass(Duration.ofMillis(20));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static int open(Rpc rpc) throws Exception {
        return rpc.call("deliveries.list", "state", "pending")
                        .path("deliveries")
                        .size()
                + rpc.call("deliveries.list", "state", "sending")
                        .path("deliveries")
                        .size();
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
            delivery: { backoff: [200ms, 500ms], attempts: 10 }
            """.formatted(callback.url());
    }
}
