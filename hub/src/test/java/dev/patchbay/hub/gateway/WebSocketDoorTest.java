package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /ws} as clients with and without manners see it. */
@Timeout(90)
class WebSocketDoorTest {
    private static final String BEARER = "Authorization: Bearer " + TestGateway.ADMIN;

    @Test
    void aTokenComesInTheHeaderOrAsASubprotocol() throws Exception {
        try (TestGateway hub = vectors()) {
            // When
            String none = RawWebSocket.handshake(hub.port());
            String wrong = RawWebSocket.handshake(hub.port(), "Authorization: Bearer nonsense");
            String header = RawWebSocket.handshake(hub.port(), BEARER);
            String alone = RawWebSocket.handshake(hub.port(), "Sec-WebSocket-Protocol: bearer." + TestGateway.ADMIN);
            String browser = RawWebSocket.handshake(
                    hub.port(), "Sec-WebSocket-Protocol: patchbay.v1, bearer." + TestGateway.ADMIN);

            // Then
            assertThat(none).startsWith("HTTP/1.1 401");
            assertThat(wrong).startsWith("HTTP/1.1 401");
            assertThat(alone).startsWith("HTTP/1.1 401").doesNotContain(TestGateway.ADMIN);
            assertThat(header).startsWith("HTTP/1.1 101").doesNotContain("Sec-WebSocket-Protocol");
            assertThat(browser).startsWith("HTTP/1.1 101").contains("Sec-WebSocket-Protocol: patchbay.v1\r\n");
            assertThat(browser).doesNotContain(TestGateway.ADMIN);
        }
    }

    @Test
    void pagesFromElsewhereAreRefused() throws Exception {
        GatewaySettings settings = TestGateway.usual().withAllowedOrigins(Set.of("https://desk.example"));
        try (TestGateway hub = TestGateway.with(settings, VectorMethods.all())) {
            int port = hub.port();
            for (String origin :
                    List.of("http://127.0.0.1:" + port, "http://localhost:" + port, "https://desk.example")) {
                assertThat(RawWebSocket.handshake(port, BEARER, "Origin: " + origin))
                        .startsWith("HTTP/1.1 101");
            }
            for (String origin : List.of(
                    "http://evil.example:" + port,
                    "http://127.0.0.1:" + (port + 1),
                    "http://127.0.0.1",
                    "https://127.0.0.1:" + port,
                    "null",
                    "http://localhost:" + port + ".evil.example")) {
                assertThat(RawWebSocket.handshake(port, BEARER, "Origin: " + origin))
                        .as(origin)
                        .startsWith("HTTP/1.1 403");
            }
        }
    }

    @Test
    void fragmentsBecomeOneTextEvenWhereTheyCutACharacter() throws Exception {
        try (TestGateway hub = vectors();
                RawWebSocket socket = hub.socket()) {
            byte[] request = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[\"grüße 😀\"],\"id\":1}"
                    .getBytes(StandardCharsets.UTF_8);

            // When
            for (int i = 0; i < request.length; i++) {
                socket.frame((i == 0 ? 1 : 0) | (i == request.length - 1 ? 0x80 : 0), new byte[] {request[i]});
                if (i == 5) {
                    socket.frame(0x89, "between".getBytes(StandardCharsets.UTF_8));
                }
            }
            RawWebSocket.Frame pong = socket.read();
            String answer = socket.readText();

            // Then
            assertThat(pong.kind()).isEqualTo(10);
            assertThat(pong.text()).isEqualTo("between");
            assertThat(answer).contains("grüße 😀");
        }
    }

    @Test
    void whoBreaksTheRulesIsToldWhich() throws Exception {
        try (TestGateway hub = vectors()) {
            byte[] text = "x".getBytes(StandardCharsets.UTF_8);
            assertThat(closeAfter(hub, socket -> socket.frame(0x82, text))).isEqualTo(1003);
            assertThat(closeAfter(hub, socket -> socket.frame(0x81, new byte[] {(byte) 0xFF})))
                    .isEqualTo(1007);
            assertThat(closeAfter(hub, socket -> socket.raw((byte) 0x81, (byte) 1, (byte) 'x')))
                    .as("not masked")
                    .isEqualTo(1002);
            assertThat(closeAfter(hub, socket -> socket.frame(0xC1, text)))
                    .as("reserved bit")
                    .isEqualTo(1002);
            assertThat(closeAfter(hub, socket -> socket.frame(0x80, text)))
                    .as("continues nothing")
                    .isEqualTo(1002);
            assertThat(closeAfter(hub, socket -> {
                        socket.frame(0x01, text);
                        socket.frame(0x81, text);
                    }))
                    .as("begins inside a message")
                    .isEqualTo(1002);
            assertThat(closeAfter(hub, socket -> socket.frame(0x89, new byte[126])))
                    .as("long ping")
                    .isEqualTo(1002);
            assertThat(closeAfter(hub, socket -> socket.frame(0x88, new byte[] {1})))
                    .as("half a close code")
                    .isEqualTo(1002);
            // The length alone is enough: nothing of it has been sent.
            assertThat(closeAfter(
                            hub,
                            socket -> socket.raw(ByteBuffer.allocate(10)
                                    .put((byte) 0x81)
                                    .put((byte) 0xFF)
                                    .putLong(1L << 40)
                                    .array())))
                    .isEqualTo(1009);
        }
    }

    @Test
    void fragmentsTogetherOverTheLimitAreRefused() throws Exception {
        try (TestGateway hub = vectors()) {
            // When
            int code = closeAfter(hub, socket -> {
                byte[] piece = new byte[1 << 20];
                Arrays.fill(piece, (byte) ' ');
                socket.frame(0x01, piece);
                for (int i = 0; i < 10; i++) {
                    socket.frame(0x00, piece);
                }
            });

            // Then
            assertThat(code).isEqualTo(1009);
        }
    }

    @Test
    void aCloseIsAnsweredWithItsCode() throws Exception {
        try (TestGateway hub = vectors()) {
            // When
            int code = closeAfter(hub, socket -> socket.frame(0x88, new byte[] {0x0F, (byte) 0xA0, 'b', 'y', 'e'}));

            // Then
            assertThat(code).isEqualTo(4000);
        }
    }

    @Test
    void aReaderThatLetsEventsPileUpIsClosedAndKeepsNoMemory() throws Exception {
        var gone = new CountDownLatch(1);
        byte[] event = new byte[64 * 1024];
        Arrays.fill(event, (byte) ' ');
        event[0] = '1';
        RpcMethod flood = RpcMethod.named("flood", Access.CHAT, "floods").by(call -> {
            EventStream events = call.client().events().orElseThrow();
            events.onClose(gone::countDown);
            int sent = 0;
            while (sent < 100_000 && events.send(event)) {
                sent++;
            }
            return RpcResult.NULL;
        });
        try (TestGateway hub = TestGateway.with(flood);
                RawWebSocket socket = hub.socket()) {
            // When
            socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"flood\",\"id\":1}");
            int code = socket.readCloseCode();
            socket.frame(0x88, new byte[0]);

            // Then
            assertThat(code).isEqualTo(1013);
            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPeerThatVanishedIsNoticedAndOneThatAnswersPingsIsKept() throws Exception {
        GatewaySettings quick = TestGateway.usual()
                .with(GatewaySettings.Bounds.USUAL.withPings(Duration.ofMillis(100), Duration.ofSeconds(6)));
        try (TestGateway hub = TestGateway.with(quick, VectorMethods.all());
                RawWebSocket silent = hub.socket();
                RawWebSocket alive = hub.socket()) {
            // When
            var vanished = hub.threads.submit(() -> {
                while (!silent.read().isEnd()) {
                    // Pings that it does not answer.
                }
                return null;
            });
            int pings = 0;
            while (!vanished.isDone()) {
                RawWebSocket.Frame frame = alive.read();
                assertThat(frame.kind()).isEqualTo(9);
                pings++;
                alive.frame(0x8A, frame.payload());
            }

            // Then
            assertThat(pings).isGreaterThan(3);
            assertThat(alive.call("{\"jsonrpc\":\"2.0\",\"method\":\"get_null\",\"id\":1}"))
                    .contains("null");
        }
    }

    @Test
    void aMessageThatDripsIsCutOff() throws Exception {
        GatewaySettings quick = TestGateway.usual().withReadTimeout(Duration.ofSeconds(1));
        try (TestGateway hub = TestGateway.with(quick, VectorMethods.all());
                RawWebSocket socket = hub.socket()) {
            // When
            socket.frame(0x01, "{".getBytes(StandardCharsets.UTF_8));

            // Then
            assertThat(socket.readCloseCode()).isEqualTo(1008);
        }
    }

    @Test
    void aSlowCallHoldsBackNoOther() throws Exception {
        var release = new CountDownLatch(1);
        RpcMethod slow = RpcMethod.named("slow", Access.CHAT, "waits").by(call -> {
            release.await();
            return RpcResult.NULL;
        });
        RpcMethod quick = RpcMethod.named("quick", Access.CHAT, "does not").by(call -> RpcResult.NULL);
        try (TestGateway hub = TestGateway.with(slow, quick);
                RawWebSocket socket = hub.socket()) {
            // When
            socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"slow\",\"id\":1}");
            socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"quick\",\"id\":2}");
            String first = socket.readText();
            release.countDown();

            // Then
            assertThat(first).contains("\"id\":2");
            assertThat(socket.readText()).contains("\"id\":1");
        }
    }

    @Test
    void pipelinedCallsOfOneLaneBeginInOrderAndWaitSideBySide() throws Exception {
        var begun = new ConcurrentHashMap<String, List<Integer>>();
        var all = new CountDownLatch(200);
        RpcMethod ordered = RpcMethod.named("say", Access.CHAT, "says")
                .takes(
                        RpcParameter.required("lane", RpcType.name(), "which"),
                        RpcParameter.required("n", new RpcType.Whole(0, 1_000), "place"))
                .inOrder(call -> call.text("lane"), call -> {
                    begun.computeIfAbsent(call.text("lane"), unused -> new CopyOnWriteArrayList<>())
                            .add(call.number("n", -1));
                    all.countDown();
                    return () -> {
                        // Nobody is answered before all have begun: the second step holds back no lane.
                        all.await();
                        return RpcResult.NULL;
                    };
                });
        try (TestGateway hub = TestGateway.with(ordered);
                RawWebSocket socket = hub.socket()) {
            // When
            for (int n = 0; n < 100; n++) {
                for (String lane : List.of("a", "b")) {
                    socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"say\",\"params\":{\"lane\":\"" + lane + "\",\"n\":"
                            + n + "},\"id\":1}");
                }
            }
            for (int i = 0; i < 200; i++) {
                socket.readText();
            }

            // Then
            assertThat(begun.get("a")).isSorted().hasSize(100);
            assertThat(begun.get("b")).isSorted().hasSize(100);
        }
    }

    @Test
    void aClientWithTooManyCallsUnderWayIsNotReadUntilOneEnds() throws Exception {
        var release = new Semaphore(0);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        RpcMethod slow = RpcMethod.named("slow", Access.CHAT, "waits").by(call -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            release.acquire();
            running.decrementAndGet();
            return RpcResult.NULL;
        });
        try (TestGateway hub = TestGateway.with(slow);
                RawWebSocket socket = hub.socket()) {
            // When
            for (int i = 0; i < 1_000; i++) {
                socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"slow\",\"id\":" + i + "}");
            }
            release.release(1_000);
            for (int i = 0; i < 1_000; i++) {
                socket.readText();
            }

            // Then
            assertThat(most.get()).isLessThanOrEqualTo(256);
        }
    }

    @Test
    void aThousandSocketsAreServedAndCounted() throws Exception {
        try (TestGateway hub = vectors()) {
            var sockets = new ArrayList<RawWebSocket>();
            try {
                // When
                sockets.addAll(hub.sockets(1_000));
                for (RawWebSocket each : sockets) {
                    each.text("{\"jsonrpc\":\"2.0\",\"method\":\"sum\",\"params\":[1,2],\"id\":7}");
                }

                // Then
                for (RawWebSocket each : sockets) {
                    assertThat(each.readText()).isEqualTo("{\"jsonrpc\":\"2.0\",\"result\":3,\"id\":7}");
                }
                assertThat(hub.gateway.sockets()).isEqualTo(1_000);
            } finally {
                for (RawWebSocket each : sockets) {
                    each.close();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {125, 126, 65_535, 65_536, 10_000_000})
    void everyLengthComesAndGoesWhole(int chars) throws Exception {
        try (TestGateway hub = vectors();
                RawWebSocket socket = hub.socket()) {
            // When
            String text = "y".repeat(chars - 60);
            String answer =
                    socket.call("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[\"" + text + "\"],\"id\":1}");

            // Then
            assertThat(answer.equals("{\"jsonrpc\":\"2.0\",\"result\":[\"" + text + "\"],\"id\":1}"))
                    .isTrue();
        }
    }

    private static TestGateway vectors() throws Exception {
        return TestGateway.with(TestGateway.usual(), VectorMethods.all());
    }

    private interface Misdeed {
        void commit(RawWebSocket socket) throws Exception;
    }

    private static int closeAfter(TestGateway hub, Misdeed misdeed) throws Exception {
        try (RawWebSocket socket = hub.socket()) {
            misdeed.commit(socket);
            return socket.readCloseCode();
        }
    }
}
