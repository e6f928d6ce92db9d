package dev.patchbay.hub.gateway;

import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentSettings;
import dev.patchbay.hub.attachment.TestFiles;
import dev.patchbay.hub.gateway.openai.Completions;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcRegistry;
import dev.patchbay.hub.lane.SystemAlarm;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.memory.HeapState;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.ops.Health;
import dev.patchbay.hub.ops.HealthPart;
import dev.patchbay.hub.ops.HealthSource;
import dev.patchbay.hub.tenant.Tenants;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A gateway on a free port of 127.0.0.1, with a token per scope, and a client for it. */
final class TestGateway implements AutoCloseable {
    static final String ADMIN = "admin-secret";
    static final String CHAT = "chat-secret";
    static final String READ = "read-secret";
    /** All rights, of tenant {@code other}. */
    static final String STRANGER = "stranger-secret";

    static final String OPERATE = "operate-secret";

    /** More than one piece of an answer, no two lines alike. */
    static final String METRICS = IntStream.range(0, 10_000)
            .mapToObj(i -> "patchbay_test{n=\"" + i + "\"} 1\n")
            .collect(Collectors.joining());

    private static final List<Token> TOKENS = List.of(
            new Token("boss", ADMIN, Set.of(Access.ADMIN), Tenants.ALL),
            new Token("stranger", STRANGER, Set.of(Access.ADMIN), "other"),
            new Token("bot", CHAT, Set.of(Access.CHAT), Tenants.DEFAULT),
            new Token("viewer", READ, Set.of(Access.READ), Tenants.DEFAULT),
            new Token("operator", OPERATE, Set.of(Access.OPERATE), Tenants.DEFAULT));

    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    final Gateway gateway;
    private final SystemAlarm alarm = new SystemAlarm(Clock.systemUTC());

    private TestGateway(GatewaySettings gatewaySettings, AttachmentSettings settings, Inside inside)
            throws IOException {
        var world = world();
        AttachmentDesk files = TestFiles.in(settings, world);
        OpsDoor ops = ops(List.of(part("store")), world);
        gateway = Gateway.start(
                gatewaySettings,
                new Tokens(TOKENS, inside.tenants()),
                new Gateway.Rooms(
                        RpcRegistry.selfDescribing("0.1.0-test", inside.methods(world, files, ops)),
                        ChannelDoors.NONE,
                        files,
                        ops,
                        inside.completions(),
                        HeapState.ROOMY),
                Meters.NONE,
                world);
    }

    private TestGateway(GatewaySettings settings, RpcRegistry methods, ChannelDoors channels, List<HealthSource> health)
            throws IOException {
        var world = world();
        OpsDoor ops = ops(health, world);
        gateway = Gateway.start(
                settings,
                new Tokens(TOKENS, Tenants.one("main")),
                new Gateway.Rooms(methods, channels, TestFiles.nowhere(world), ops),
                Meters.NONE,
                world);
    }

    private World world() {
        return new World(Clock.systemUTC(), alarm, threads, RandomGenerator.getDefault());
    }

    private OpsDoor ops(List<HealthSource> health, World world) {
        return new OpsDoor(
                new Health(health, threads, world.clock()),
                "0.1.0-test",
                () -> METRICS,
                () -> Map.of("rpc", Map.of("p50_ms", 1.5)),
                () -> Map.of("removed", 7));
    }

    static TestGateway with(GatewaySettings settings, Collection<RpcMethod> methods) throws IOException {
        return new TestGateway(settings, new RpcRegistry(methods), ChannelDoors.NONE, List.of(part("store")));
    }

    static TestGateway with(RpcMethod... methods) throws IOException {
        return with(usual(), List.of(methods));
    }

    /** A whole hub behind the doors, made by whoever knows the world they share. */
    static TestGateway around(GatewaySettings settings, AttachmentSettings files, Inside inside) throws IOException {
        return new TestGateway(settings, files, inside);
    }

    /** Makes the methods; {@code ops} is what the gateway will have. */
    interface Inside {
        List<RpcMethod> methods(World world, AttachmentDesk files, OpsDoor ops);

        /** Who owns what. */
        default Tenants tenants() {
            return Tenants.one("main");
        }

        /** Asked after the methods. */
        default Optional<Completions> completions() {
            return Optional.empty();
        }
    }

    static TestGateway with(ChannelDoors channels) throws IOException {
        return new TestGateway(usual(), new RpcRegistry(List.of()), channels, List.of());
    }

    static TestGateway withHealth(HealthSource... sources) throws IOException {
        return new TestGateway(usual(), new RpcRegistry(List.of()), ChannelDoors.NONE, List.of(sources));
    }

    static GatewaySettings usual() {
        return GatewaySettings.of("127.0.0.1", 0);
    }

    static HealthSource part(String name) {
        return part(name, HealthPart.ok(Map.of("bytes", 5L)));
    }

    static HealthSource part(String name, HealthPart answer) {
        return new HealthSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public HealthPart check() {
                return answer;
            }
        };
    }

    int port() {
        return gateway.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return send(authorised(request(path), token).GET());
    }

    HttpResponse<String> rpc(String body, String token) throws IOException, InterruptedException {
        return send(authorised(request("/rpc"), token).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest.Builder authorised(HttpRequest.Builder request, String token) {
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    RawWebSocket socket() throws IOException {
        return RawWebSocket.open(port(), "Authorization: Bearer " + ADMIN);
    }

    List<RawWebSocket> sockets(int howMany) throws IOException {
        var all = new ArrayList<RawWebSocket>();
        for (int i = 0; i < howMany; i++) {
            all.add(socket());
        }
        return all;
    }

    @Override
    public void close() {
        try {
            gateway.close(Duration.ofMillis(500));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        client.shutdownNow();
        alarm.close();
        threads.shutdownNow();
    }
}
