package dev.patchbay.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patchbay.hub.command.HubRunner.RunningHub;
import dev.patchbay.hub.config.ConfigLoader;
import dev.patchbay.hub.config.LoadedConfig;
import dev.patchbay.hub.plugin.Archive;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole hub whose channel and agent come from one plugin, which is changed while they are used. */
@Timeout(120)
class PluginChangeContractTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEEPS_THE_DOOR = "public boolean meetsStrangers() { return true; }";

    private final LinkedBlockingQueue<String> in = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();
    private final Semaphore letGo = new Semaphore(0);
    private final String shared = "wire-" + UUID.randomUUID();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private @Nullable RunningHub hub;

    @BeforeEach
    void share() throws Exception {
        System.getProperties().put(shared, Map.of("in", in, "out", out, "news", news, "letGo", letGo));
        Files.createDirectories(folder.resolve("drop-ins"));
    }

    @AfterEach
    void stop() throws Exception {
        letGo.release(100);
        if (hub != null) {
            hub.drain(Duration.ofSeconds(10));
        }
        http.shutdownNow();
        System.getProperties().remove(shared);
    }

    @Test
    void aTurnUnderWayEndsOnTheOldAgentAndLaterOnesGoToTheNew() throws Exception {
        // Given
        start("", wire("1.0.0", "", ""));
        in.add("anna hold");
        assertThat(news.poll(10, TimeUnit.SECONDS)).isEqualTo("1.0.0 holds");

        // When
        Thread change = Thread.ofVirtual().start(() -> install(wire("2.0.0", "", "")));
        String ben = null;
        for (int i = 0; i < 1_000 && !"ben 2.0.0 hello".equals(ben); i++) {
            in.add("ben hello");
            ben = out.poll(10, TimeUnit.SECONDS);
        }
        letGo.release();
        String anna = out.poll(10, TimeUnit.SECONDS);

        // Then
        assertThat(ben).isEqualTo("ben 2.0.0 hello");
        assertThat(anna).isEqualTo("anna 1.0.0 hold");
        assertThat(change.join(Duration.ofSeconds(60))).isTrue();
        assertThat(news).contains("1.0.0 closed");
    }

    @Test
    void theOldAgentStaysIfTheChannelOfItsPluginDoesNotOpen() throws Exception {
        // Given
        start("", wire("1.0.0", "", ""));

        // When
        JsonNode refused = install(wire("2.0.0", "throw new Exception(\"no such door\");", ""));
        in.add("anna hello");

        // Then
        assertThat(reason(refused)).contains("wire:a", "no such door");
        assertThat(out.poll(20, TimeUnit.SECONDS)).isEqualTo("anna 1.0.0 hello");
        assertThat(news).contains("2.0.0 closed").doesNotContain("1.0.0 closed");
    }

    @Test
    void anOpeningThatHangsIsGivenUpAndTheOldVersionComesBack() throws Exception {
        // Given
        start("", wire("1.0.0", "", ""));

        // When
        JsonNode refused = install(wire(
                "2.0.0", "while (true) { java.util.concurrent.locks.LockSupport.park(); Thread.interrupted(); }", ""));
        in.add("anna hello");

        // Then
        assertThat(reason(refused)).contains("wire:a", "open did not come back within 3000 ms");
        assertThat(out.poll(20, TimeUnit.SECONDS)).isEqualTo("anna 1.0.0 hello");
    }

    @Test
    void whoSpeaksWhileAPluginIsTriedMeetsTheDoorOfThatPlugin() throws Exception {
        // Given
        start("", wire("1.0.0", "", ""));
        String speaks = "receive(host, \"carl hello\");";

        // When
        install(wire("2.0.0", speaks, KEEPS_THE_DOOR));
        install(wire("3.0.0", speaks, ""));

        // Then
        assertThat(news).contains("2.0.0 TURNED_AWAY", "3.0.0 STORED");
        assertThat(out.poll(10, TimeUnit.SECONDS)).as("a code to ask with").startsWith("carl ");
        assertThat(out.poll(10, TimeUnit.SECONDS))
                .as("an answer")
                .startsWith("carl ")
                .endsWith("hello");
    }

    @Test
    void whoseDoorIsKeptDecidesWhichSettingsFit() throws Exception {
        // Given
        start(", dm-policy: open", wire("1.0.0", "", KEEPS_THE_DOOR));

        // When
        JsonNode refused = install(wire("2.0.0", "", ""));
        JsonNode taken = install(wire("3.0.0", "", KEEPS_THE_DOOR));

        // Then
        assertThat(reason(refused)).contains("the configuration does not fit it", "dm-policy");
        assertThat(taken.path("result").path("plugin").path("version").asText())
                .as(taken.toString())
                .isEqualTo("3.0.0");
    }

    private static String reason(JsonNode refused) {
        return refused.path("error").path("data").path("reason").asText(refused.toString());
    }

    private void start(String settings, Archive plugin) throws Exception {
        plugin.jar(folder.resolve("drop-ins/wire.jar"));
        Path config = Files.writeString(folder.resolve("hub.yaml"), """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./drop-ins, watch: false, start-timeout: 3s }
            agents: { main: { type: wired } }
            channels:
              cli: { enabled: false }
              webhook: { enabled: false }
              wire: { accounts: { a: { name: a%s } } }
            """.formatted(settings));
        LoadedConfig loaded = new ConfigLoader(Map.of(), folder).load(Optional.of(config.toString()), List.of());
        assertThat(loaded.hasErrors()).as(loaded.problems().toString()).isFalse();
        hub = new HubAssembly(folder.resolve("home"), "0.1.0").start(loaded, () -> loaded);
    }

    private JsonNode install(Archive plugin) {
        try {
            Path jar = plugin.jar(folder.resolve("build/wire.jar"));
            String token = Files.readString(folder.resolve("data/admin-token")).strip();
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"plugins.install\",\"params\":{\"path\":\"" + jar
                    + "\"}}";
            var request = HttpRequest.newBuilder(
                            Objects.requireNonNull(hub).url().resolve("/rpc"))
                    .timeout(Duration.ofMinutes(1))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** An agent that names its version and holds on when asked to, and a channel that takes lines in and gives lines out. */
    private Archive wire(String version, String opening, String more) {
        return Archive.plugin("wire", version)
                .source("demo.Shared", """
                    package demo;
                    import dev.patchbay.api.*;
                    import java.util.*;
                    import java.util.concurrent.*;
                    @SuppressWarnings("unchecked")
                    class Shared {
                        static final String VERSION = "%s";
                        static final Map<String, Object> ALL = (Map<String, Object>) System.getProperties().get("%s");
                        static BlockingQueue<String> queue(String name) { return (BlockingQueue<String>) ALL.get(name); }
                        static Semaphore letGo() { return (Semaphore) ALL.get("letGo"); }
                        static void news(String what) { queue("news").add(VERSION + " " + what); }
                    }
                    """.formatted(version, shared))
                .source("demo.Wired", """
                    package demo;
                    import dev.patchbay.api.*;
                    @org.pf4j.Extension
                    public class Wired implements AgentPlugin {
                        public String type() { return "wired"; }
                        public String settingsSchema() { return "{}"; }
                        public Agent open(String id, Settings settings) {
                            return new Agent() {
                                public Reply reply(Turn turn, ReplySink sink) throws InterruptedException {
                                    if (turn.text().equals("hold")) {
                                        Shared.news("holds");
                                        Shared.letGo().acquire();
                                    }
                                    return Reply.text(Shared.VERSION + " " + turn.text());
                                }
                                public void close() { Shared.news("closed"); }
                            };
                        }
                    }
                    """)
                .source("demo.Wire", """
                    package demo;
                    import dev.patchbay.api.*;
                    import java.util.concurrent.*;
                    @org.pf4j.Extension
                    public class Wire implements ChannelPlugin {
                        public String type() { return "wire"; }
                        public String accountSchema() {
                            return "{\\"additionalProperties\\":false,\\"properties\\":{\\"name\\":{\\"type\\":\\"string\\"}}}";
                        }
                        %s
                        public Channel open(ChannelSettings settings, ChannelHost host) throws Exception {
                            if (%s) {
                                opening(host);
                            }
                            Thread reader = new Thread(() -> read(host), "wire-reader");
                            reader.start();
                            return new Channel() {
                                public DeliveryOutcome deliver(OutboundMessage message) {
                                    Shared.queue("out").add(message.to().id() + " " + message.text());
                                    return new DeliveryOutcome.Delivered(message.idempotencyKey());
                                }
                                public void close() {
                                    reader.interrupt();
                                    try {
                                        reader.join(5_000);
                                    } catch (InterruptedException stop) {
                                        Thread.currentThread().interrupt();
                                    }
                                }
                            };
                        }
                        static void opening(ChannelHost host) throws Exception {
                            %s
                        }
                        static void read(ChannelHost host) {
                            BlockingQueue<String> in = Shared.queue("in");
                            try {
                                while (true) {
                                    String next = in.take();
                                    try {
                                        accept(host, next);
                                    } catch (NotAccepted closing) {
                                        in.add(next);
                                        return;
                                    }
                                }
                            } catch (InterruptedException stop) {
                                // closed
                            }
                        }
                        static void receive(ChannelHost host, String line) throws Exception {
                            Shared.news(accept(host, line).status().name());
                        }
                        static Receipt accept(ChannelHost host, String line) throws NotAccepted, InterruptedException {
                            int blank = line.indexOf(' ');
                            Peer peer = Peer.direct(line.substring(0, blank));
                            return host.receive(InboundMessage.from(peer, line.substring(blank + 1)).build());
                        }
                    }
                    """.formatted(more, !opening.isEmpty(), opening));
    }
}
