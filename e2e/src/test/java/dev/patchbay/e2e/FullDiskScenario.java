package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk is full for a while in the middle of load: {@code -Dpatchbay.full=60} seconds for the minute, three by default. Half of the
 * peers come in by webhook, the other half through {@code messages.send}; each sends numbers one after the other and repeats what was
 * refused.
 */
class FullDiskScenario {
    private static final Duration FULL = Duration.ofSeconds(Integer.getInteger("patchbay.full", 3));
    private static final int PEERS = 16;
    private static final int DISK_MB = 200;
    private static final String TOKEN = "a-token-for-the-full-disk";

    @TempDir
    Path folder;

    private final Map<String, List<String>> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> strange = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void belowTheReserveNewMessagesAreRefusedAndWhatWasAcceptedGoesOn() throws Exception {
        var disk = new SmallDisk(folder.resolve("data"));
        long reserve = disk.isReal() ? 100_000_000 : Files.getFileStore(folder).getUsableSpace() - 2_000_000_000L;
        try (CallbackServer callback = new CallbackServer();
                HubProcess hub = HubProcess.start(folder, yaml(callback, reserve), disk.runBy(DISK_MB))) {
            // When
            outage(
                    hub,
                    callback,
                    disk,
                    disk.isReal() ? 120_000_000 : 4_000_000_000L,
                    health -> health.status().equals("degraded")
                            && health.detail().contains("store.min-free"));

            // Then
            assertThat(hub.terminate()).isZero();
        }
    }

    @Test
    void aDiskThatIsFullToTheLastByteLosesNothingAndTheHubGoesOnByItself() throws Exception {
        var disk = new SmallDisk(folder.resolve("data"));
        System.out.println(
                "full disk: " + (disk.isReal() ? "a file system of " + DISK_MB + " MB, filled" : "none to fill"));
        if (!disk.isReal()) {
            return;
        }
        try (CallbackServer callback = new CallbackServer();
                HubProcess hub = HubProcess.start(folder, yaml(callback, 0), disk.runBy(DISK_MB))) {
            // When
            outage(hub, callback, disk, Long.MAX_VALUE, health -> Set.of("degraded", "down")
                    .contains(health.status()));

            // Then
            assertThat(hub.terminate()).isZero();
        }
    }

    private record Health(String status, String detail) {}

    private void outage(HubProcess hub, CallbackServer callback, SmallDisk disk, long ballast, Predicate<Health> look)
            throws Exception {
        var rpc = new Rpc(hub.url(), TOKEN);
        try {
            outage(rpc, hub, callback, disk, ballast, look);
        } catch (Exception | AssertionError failed) {
            System.out.println(hub.log());
            throw failed;
        }
    }

    private void outage(
            Rpc rpc, HubProcess hub, CallbackServer callback, SmallDisk disk, long ballast, Predicate<Health> look)
            throws Exception {
        try (ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PEERS; i++) {
                String peer = "peer-" + i;
                boolean byWebhook = i % 2 == 0;
                acknowledged.put(peer, new ArrayList<>());
                var unused = peers.submit(() -> talk(rpc, peer, byWebhook));
            }
            Bounded.until(Duration.ofSeconds(30), () -> total() > PEERS * 10);

            // The disk is full.
            disk.fill(hub, ballast);
            Bounded.until(Duration.ofSeconds(30), () -> refusals.get() > PEERS);
            Bounded.pass(FULL);
            Bounded.until(Duration.ofSeconds(30), () -> look.test(health(rpc)));
            int refused = refusals.get();
            int before = total();

            // There is room again.
            disk.clear(hub);
            Bounded.until(Duration.ofSeconds(60), () -> total() > before + PEERS * 10);
            over.set(true);
            peers.shutdown();
            assertThat(peers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            Bounded.until(Duration.ofSeconds(60), () -> rpc.call("deliveries.list", "state", "pending")
                    .path("deliveries")
                    .isEmpty());
            Bounded.until(Duration.ofSeconds(30), () -> health(rpc).status().equals("ok"));
            System.out.println("full disk: " + FULL.toSeconds() + " s, " + total() + " acknowledged, " + refused
                    + " refused meanwhile, " + hub.log().lines().count() + " lines in the log");
            judge(callback, rpc);
            assertThat(hub.log().lines().count()).as("lines in the log").isLessThan(200 + FULL.toSeconds());
        }
    }

    private void judge(CallbackServer callback, Rpc rpc) throws Exception {
        assertThat(strange)
                .as("answers that are neither accepted nor a refusal with its name")
                .isEmpty();
        int repeats = 0;
        for (Map.Entry<String, List<String>> peer : acknowledged.entrySet()) {
            List<String> got = callback.texts(peer.getKey());
            var once = new LinkedHashSet<>(got);
            assertThat(once).as("acknowledged and delivered, %s", peer.getKey()).containsAll(peer.getValue());
            assertThat(once.stream().map(Integer::parseInt).toList())
                    .as("order of %s", peer.getKey())
                    .isSorted();
            repeats += got.size() - once.size();
        }
        long marked = rpc.markedDeliveries();
        assertThat((long) repeats).as("repeats, each marked").isLessThanOrEqualTo(marked);
    }

    private int total() {
        return acknowledged.values().stream().mapToInt(List::size).sum();
    }

    private static Health health(Rpc rpc) throws Exception {
        JsonNode store = rpc.call("health").path("parts").path("store");
        return new Health(store.path("status").asText(), store.path("detail").asText());
    }

    private void talk(Rpc rpc, String peer, boolean byWebhook) {
        int next = 1;
        while (!over.get()) {
            String number = Integer.toString(next);
            try {
                if (byWebhook ? post(rpc, peer, number) : send(rpc, peer, number)) {
                    List<String> mine = Objects.requireNonNull(acknowledged.get(peer));
                    synchronized (mine) {
                        mine.add(number);
                    }
                    next++;
                } else {
                    refusals.incrementAndGet();
                    Bounded.pass(Duration.ofMillis(50));
                }
            } catch (IOException cut) {
                strange.add(String.valueOf(cut));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean post(Rpc rpc, String peer, String number) throws IOException, InterruptedException {
        HttpResponse<String> answer = rpc.post(
                "/webhooks/default",
                Json.write(Map.of("text", number, "peer", peer)),
                "webhook-id",
                peer + "-" + number);
        if (answer.statusCode() != 202 && answer.statusCode() != 507) {
            strange.add(answer.statusCode() + " " + answer.body());
        }
        return answer.statusCode() == 202;
    }

    private boolean send(Rpc rpc, String peer, String number) throws IOException, InterruptedException {
        try {
            rpc.call(
                    "messages.send",
                    "channel",
                    "webhook",
                    "to",
                    peer,
                    "text",
                    number,
                    "idempotency_key",
                    peer + "-" + number);
            return true;
        } catch (Rpc.RpcError refused) {
            if (refused.code != -32010) {
                strange.add(refused.getMessage());
            }
            return false;
        }
    }

    private static String yaml(CallbackServer callback, long minFree) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0, tokens: [ { name: test, token: "%s", scopes: [admin] } ] }
            store: { min-free: %dB }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, reply: queue, callback: { url: "%s" } }
            delivery: { backoff: [200ms, 500ms], attempts: 10 }
            """.formatted(TOKEN, minFree, callback.url());
    }
}
