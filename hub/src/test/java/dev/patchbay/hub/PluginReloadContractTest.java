package dev.patchbay.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.patchbay.hub.command.HubRunner.RunningHub;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.plugin.Archive;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A whole hub whose channel plugin is reloaded again and again while messages come in and go out. {@code -Dpatchbay.reloads=1000}
 * makes a soak of it.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@Isolated("it counts the threads and open files of the process")
class PluginReloadContractTest {
    private static final int RELOADS = Integer.getInteger("patchbay.reloads", 100);
    private static final int RELOADS_PER_WAIT = 4;
    private static final int WARM_UP = 10;
    private static final int PEERS = 6;
    private static final int UNDER_WAY_MAX = 60;
    private static final List<String> ACCOUNTS = List.of("a", "b");
    private static final JsonMapper JSON = new JsonMapper();

    /** What the plugin, whose classes the test cannot see, takes from and gives to; both know the JDK's classes. */
    private final Map<String, LinkedBlockingQueue<String>> in = new ConcurrentHashMap<>();

    private final LinkedBlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final Queue<WeakReference<ClassLoader>> loaders = new ConcurrentLinkedQueue<>();

    /** Where the plugin finds these. */
    private final String shared = "wire-" + UUID.randomUUID();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable RunningHub hub;

    @BeforeEach
    void start() throws Exception {
        ACCOUNTS.forEach(account -> in.put(account, new LinkedBlockingQueue<>()));
        System.getProperties().put(shared, Map.of("in", in, "out", out, "loaders", loaders));
        Files.createDirectories(folder.resolve("drop-ins"));
        Path config = Files.writeString(folder.resolve("hub.yaml"), """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./drop-ins, watch: false }
            channels:
              cli: { enabled: false }
              webhook: { enabled: false }
              wire: { accounts: { a: { name: a }, b: { name: b } } }
            """);
        wire("1.0.0").jar(folder.resolve("drop-ins/wire.jar"));
        LoadedConfig loaded = new ConfigLoader(Map.of(), folder).load(Optional.of(config.toString()), List.of());
        assertThat(loaded.hasErrors()).as(loaded.problems().toString()).isFalse();
        hub = new HubAssembly(folder.resolve("home"), "0.1.0").start(loaded, () -> loaded);
    }

    @AfterEach
    void stop() throws Exception {
        if (hub != null) {
            hub.drain(Duration.ofSeconds(10));
        }
        http.shutdownNow();
        System.getProperties().remove(shared);
    }

    @Test
    void reloadsUnderTrafficLoseNothingRepeatNothingAndLeaveNothingBehind() throws Exception {
        // Given
        var traffic = new Traffic();
        for (int i = 0; i < WARM_UP; i++) {
            reload();
        }
        long threads = threads();
        long files = files();

        // When
        for (int i = 0; i < RELOADS; i++) {
            reload();
            if (i % RELOADS_PER_WAIT == 0) {
                // Reloads are quicker than the queue finds an open account: without a rest nothing would ever flow.
                traffic.awaitFlow();
            }
        }
        long threadsAfter = threads();
        long filesAfter = files();
        traffic.end();

        // Then
        assertThat(traffic.arrived).isEqualTo(traffic.sent);
        assertThat(traffic.count()).isGreaterThan(2 * RELOADS / RELOADS_PER_WAIT);
        assertThat(threadsAfter).isLessThan(threads + 10);
        assertThat(filesAfter).isLessThan(files + 10);
        assertThat(loaders.size()).isGreaterThan(RELOADS);
        assertThat(loadersLeft()).isLessThanOrEqualTo(2);
    }

    @Test
    void anUpgradeThatDoesNotOpenGoesBackToTheOldVersionAndNothingIsLost() throws Exception {
        // Given
        var traffic = new Traffic();
        Path broken = wire(
                        "2.0.0", "if (settings.accountId().equals(\"b\")) { throw new Exception(\"no such door\"); }")
                .jar(folder.resolve("build/wire.jar"));

        // When
        JsonNode refused = rpc("plugins.install", "{\"path\":\"" + broken + "\"}");
        JsonNode listed =
                rpc("plugins.list", "{}").path("result").path("plugins").get(0);
        JsonNode status = rpc("channels.status", "{}").path("result").path("channels");
        traffic.end();

        // Then
        assertThat(refused.path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(refused.path("error").path("data").path("reason").asText()).contains("wire:b", "no such door");
        assertThat(listed.path("version").asText()).isEqualTo("1.0.0");
        assertThat(listed.path("state").asText()).isEqualTo("running");
        assertThat(status)
                .filteredOn(each -> each.path("channel").asText().equals("wire"))
                .allSatisfy(each -> assertThat(each.path("state").asText()).isIn("running", "starting"));
        assertThat(traffic.arrived).isEqualTo(traffic.sent);
    }

    /** Says things to all peers of both accounts and hears the answers, a bounded number at once, until it is ended. */
    private final class Traffic {
        final Map<String, List<String>> sent = new ConcurrentHashMap<>();
        final Map<String, List<String>> arrived = new HashMap<>();
        private final Semaphore flow = new Semaphore(0);
        private final Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
        private final AtomicBoolean isEnding = new AtomicBoolean();
        private final Thread speaker = Thread.ofVirtual().start(this::speak);
        private final Thread listener = Thread.ofVirtual().start(this::listen);

        void end() throws InterruptedException {
            isEnding.set(true);
            assertThat(speaker.join(Duration.ofSeconds(60))).isTrue();
            boolean isComplete = underWay.tryAcquire(UNDER_WAY_MAX, 60, TimeUnit.SECONDS);
            listener.interrupt();
            listener.join();
            assertThat(isComplete)
                    .as("still under way: %s, not taken in: %s", UNDER_WAY_MAX - underWay.availablePermits(), in)
                    .isTrue();
            assertThat(out).as("more arrived than was sent").isEmpty();
        }

        void awaitFlow() throws InterruptedException {
            flow.drainPermits();
            assertThat(flow.tryAcquire(2, 30, TimeUnit.SECONDS))
                    .as("messages flow")
                    .isTrue();
        }

        int count() {
            return sent.values().stream().mapToInt(List::size).sum();
        }

        private void speak() {
            try {
                for (int n = 0; !isEnding.get(); n++) {
                    for (String account : ACCOUNTS) {
                        for (int peer = 0; peer < PEERS; peer++) {
                            underWay.acquire();
                            String name = account + peer;
                            sent.computeIfAbsent(name, unused -> new ArrayList<>())
                                    .add("m" + n);
                            Objects.requireNonNull(in.get(account)).add(name + " " + name + "-" + n + " m" + n);
                        }
                    }
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private void listen() {
            try {
                while (true) {
                    String line = out.take();
                    int blank = line.indexOf(' ');
                    arrived.computeIfAbsent(line.substring(0, blank), unused -> new ArrayList<>())
                            .add(line.substring(blank + 1));
                    underWay.release();
                    flow.release();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reload() throws Exception {
        JsonNode answer = rpc("plugins.reload", "{\"plugin_id\":\"wire\"}");
        assertThat(answer.path("result").path("plugin").path("state").asText())
                .as(answer.toString())
                .isEqualTo("running");
        assertThat(answer.path("result").path("plugin").has("reason"))
                .as(answer.toString())
                .isFalse();
    }

    private JsonNode rpc(String method, String params) throws Exception {
        String token = Files.readString(folder.resolve("data/admin-token")).strip();
        String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
        var request = HttpRequest.newBuilder(Objects.requireNonNull(hub).url().resolve("/rpc"))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static long threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private long loadersLeft() {
        long left = loaders.size();
        for (int i = 0; i < 50 && left > 2; i++) {
            System.gc();
            left = loaders.stream()
                    .map(WeakReference::get)
                    .filter(Objects::nonNull)
                    .distinct()
                    .count();
        }
        return left;
    }

    private Archive wire(String version) {
        return wire(version, "");
    }

    /** A channel that acknowledges a message only when it is stored, and keeps things in thread-locals as careless libraries do. */
    private Archive wire(String version, String opening) {
        return Archive.plugin("wire", version).source("demo.Wire", """
            package demo;
            import dev.patchbay.api.*;
            import java.lang.ref.WeakReference;
            import java.util.*;
            import java.util.concurrent.*;
            @org.pf4j.Extension
            public class Wire implements ChannelPlugin {
                static final ThreadLocal<Object> HELD = new ThreadLocal<>();
                static class Buffer {}
                public String type() { return "wire"; }
                public String accountSchema() { return "{\\"properties\\":{\\"name\\":{\\"type\\":\\"string\\"}}}"; }
                @SuppressWarnings("unchecked")
                public Channel open(ChannelSettings settings, ChannelHost host) throws Exception {
                    HELD.set(new Buffer());
                    %s
                    var shared = (Map<String, Object>) System.getProperties().get("%s");
                    var in = ((Map<String, BlockingQueue<String>>) shared.get("in")).get(settings.accountId());
                    var out = (Queue<String>) shared.get("out");
                    ((Queue<WeakReference<ClassLoader>>) shared.get("loaders"))
                        .add(new WeakReference<>(getClass().getClassLoader()));
                    return new Line(in, out, host);
                }
                static class Line implements Channel, Runnable {
                    final BlockingQueue<String> in;
                    final Queue<String> out;
                    final ChannelHost host;
                    final Thread reader = new Thread(this, "wire-reader");
                    volatile boolean closed;
                    Line(BlockingQueue<String> in, Queue<String> out, ChannelHost host) {
                        this.in = in;
                        this.out = out;
                        this.host = host;
                        reader.start();
                    }
                    public DeliveryOutcome deliver(OutboundMessage message) {
                        HELD.set(new Buffer());
                        out.add(message.to().id() + " " + message.text());
                        return new DeliveryOutcome.Delivered(message.idempotencyKey());
                    }
                    public void close() {
                        closed = true;
                        reader.interrupt();
                        try {
                            reader.join(5_000);
                        } catch (InterruptedException stop) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    public void run() {
                        try {
                            while (!closed) {
                                String next = in.peek();
                                if (next == null) {
                                    Thread.sleep(1);
                                    continue;
                                }
                                String[] line = next.split(" ");
                                host.receive(InboundMessage.from(Peer.direct(line[0]), line[2]).remoteId(line[1]).build());
                                in.remove();
                            }
                        } catch (InterruptedException stop) {
                            // closed
                        } catch (NotAccepted again) {
                            host.report(ChannelHost.Condition.DEGRADED, "not accepted: " + again.getMessage());
                        }
                    }
                }
            }
            """.formatted(opening, shared));
    }
}
