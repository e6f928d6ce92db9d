package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /rpc} as a stranger with a socket sees it. */
@Timeout(60)
class HttpDoorTest {
    private static final String HEALTH = "{\"jsonrpc\":\"2.0\",\"method\":\"health\",\"id\":1}";
    private static final String SUM = "{\"jsonrpc\":\"2.0\",\"method\":\"sum\",\"params\":[1],\"id\":1}";

    @ParameterizedTest
    @CsvSource({"'',401,-32001", "nonsense,401,-32001", "read-secret,403,-32003"})
    void whoMayNotCallIsToldByStatusAndCode(String token, int status, int code) throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> response = hub.rpc(SUM, token);

            // Then
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).contains("\"code\":" + code);
            assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
                    .isEqualTo(status == 401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "[1]", "{\"jsonrpc\":\"2.0\",\"method\":\"nothing\",\"id\":1}"})
    void withoutATokenNothingIsAnsweredButHealth(String body) throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> refused = hub.rpc(body, "");
            HttpResponse<String> health = hub.rpc(HEALTH, "");
            HttpResponse<String> mixed = hub.rpc("[" + HEALTH + "," + SUM + "]", "");

            // Then
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(mixed.statusCode()).isEqualTo(200);
            assertThat(mixed.body()).contains("\"status\":\"ok\"", "-32001");
        }
    }

    @Test
    void aLongBodyIsNotEvenReadWithoutAToken() throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> response = hub.rpc(" ".repeat(100_000) + HEALTH, "");

            // Then
            assertThat(response.statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aTokenOfEveryScopeOpensItsOwnMethodsOperateThoseOfReadAndAdminAll() throws Exception {
        RpcMethod[] methods = {
            method("c", Access.CHAT), method("r", Access.READ), method("o", Access.OPERATE), method("a", Access.ADMIN)
        };
        try (TestGateway hub = TestGateway.with(methods)) {
            List<String> tokens = List.of(TestGateway.CHAT, TestGateway.READ, TestGateway.OPERATE, TestGateway.ADMIN);
            for (int token = 0; token < 4; token++) {
                for (int method = 0; method < 4; method++) {
                    // When
                    int status = hub.rpc(call(methods[method].name()), tokens.get(token))
                            .statusCode();

                    // Then
                    boolean operatorReads = token == 2 && method == 1;
                    assertThat(status).isEqualTo(token == method || operatorReads || token == 3 ? 200 : 403);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jsonrpc\":\"2.0\",\"method\":\"update\"} | 401",
                "{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"} | 401",
                "[{\"jsonrpc\":\"2.0\",\"method\":\"health\"},{\"jsonrpc\":\"2.0\",\"method\":\"update\"}] | 401",
                "{\"jsonrpc\":\"2.0\",\"method\":\"health\"} | 204",
                "[{\"jsonrpc\":\"2.0\",\"method\":\"health\"}] | 204"
            })
    void aNotificationWithoutATokenIsRefusedUnlessItIsHealth(String body, int status) throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> plain = hub.rpc(body, "");
            HttpResponse<String> wrong = hub.rpc(body, "nonsense");
            HttpResponse<String> streaming = hub.send(hub.request("/rpc")
                    .header("Accept", "text/event-stream")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));

            // Then
            for (HttpResponse<String> each : List.of(plain, wrong, streaming)) {
                assertThat(each.statusCode()).isEqualTo(status);
                assertThat(each.headers().firstValue("WWW-Authenticate").isPresent())
                        .isEqualTo(status == 401);
                assertThat(each.body().contains("-32001")).isEqualTo(status == 401);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65_000, 65_535, 65_536, 65_537, 131_072, 3_000_000})
    void aLongAnswerComesWhole(int chars) throws Exception {
        var text = new StringBuilder();
        for (int i = 0; text.length() < chars; i++) {
            text.append(i).append(' ');
        }
        text.setLength(chars);
        RpcMethod telling =
                RpcMethod.named("tell", Access.CHAT, "tells").by(call -> json -> json.writeString(text.toString()));
        try (TestGateway hub = TestGateway.with(telling)) {
            // When
            HttpResponse<String> answer = hub.rpc(call("tell"), TestGateway.CHAT);

            // Then
            assertThat(answer.body().equals("{\"jsonrpc\":\"2.0\",\"result\":\"" + text + "\",\"id\":1}"))
                    .isTrue();
        }
    }

    @Test
    void nothingToAnswerIs204AndABatchIs200() throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> notification =
                    hub.rpc("{\"jsonrpc\":\"2.0\",\"method\":\"update\"}", TestGateway.ADMIN);
            HttpResponse<String> batch = hub.rpc("[" + SUM + "," + SUM + "]", TestGateway.ADMIN);

            // Then
            assertThat(notification.statusCode()).isEqualTo(204);
            assertThat(notification.body()).isEmpty();
            assertThat(batch.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aBodyOverTheLimitIsAnsweredAndTheConnectionGoesOn() throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            byte[] long_ = new byte[10 * 1024 * 1024 + 1];
            // When
            HttpResponse<String> announced = hub.send(TestGateway.authorised(hub.request("/rpc"), TestGateway.ADMIN)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(long_)));
            HttpResponse<String> chunked = hub.send(TestGateway.authorised(hub.request("/rpc"), TestGateway.ADMIN)
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(long_))));
            HttpResponse<String> asked = hub.send(TestGateway.authorised(hub.request("/rpc"), TestGateway.ADMIN)
                    .expectContinue(true)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(long_)));

            // Then
            for (HttpResponse<String> each : List.of(announced, chunked, asked)) {
                assertThat(each.statusCode()).isEqualTo(413);
                assertThat(each.body()).contains("-32006");
            }
            assertThat(hub.rpc(SUM, TestGateway.ADMIN).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void noExceptionTextReachesTheCaller() throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> response = hub.rpc(call("boom"), TestGateway.ADMIN);

            // Then
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("-32603", "\"reference\":\"").doesNotContain("secret", "Exception");
        }
    }

    @Test
    void aClientAboveItsRateIsToldWhenToComeBack() throws Exception {
        GatewaySettings limited = TestGateway.usual().withRate(2, true);
        try (TestGateway hub = TestGateway.with(limited, VectorMethods.all())) {
            // When
            hub.rpc(SUM, TestGateway.CHAT);
            hub.rpc(SUM, TestGateway.CHAT);
            HttpResponse<String> third = hub.rpc(SUM, TestGateway.CHAT);
            HttpResponse<String> other = hub.rpc(SUM, TestGateway.ADMIN);

            // Then
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.body()).contains("-32007", "\"retry_after_ms\":");
            assertThat(third.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(other.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void loopbackIsNotLimitedUnlessSaid() throws Exception {
        GatewaySettings limited = TestGateway.usual().withRate(1, false);
        try (TestGateway hub = TestGateway.with(limited, VectorMethods.all())) {
            for (int i = 0; i < 5; i++) {
                // When
                HttpResponse<String> response = hub.rpc(SUM, TestGateway.CHAT);

                // Then
                assertThat(response.statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void moreRequestsAtOnceThanTheHubTakesAreRefusedAndHealthIsNot() throws Exception {
        var release = new CountDownLatch(1);
        var running = new CountDownLatch(1);
        GatewaySettings one = TestGateway.usual().with(GatewaySettings.Bounds.USUAL.withRequests(1));
        RpcMethod slow = RpcMethod.named("slow", Access.CHAT, "waits").by(call -> {
            running.countDown();
            release.await();
            return RpcResult.NULL;
        });
        try (TestGateway hub = TestGateway.with(one, List.of(slow, method("health", Access.OPEN)))) {
            var first = hub.threads.submit(() -> hub.rpc(call("slow"), TestGateway.ADMIN));
            running.await();

            // When
            HttpResponse<String> second = hub.rpc(call("slow"), TestGateway.ADMIN);
            HttpResponse<String> health = hub.rpc(HEALTH, "");
            release.countDown();

            // Then
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).contains("-32010", "\"retry_after_ms\":1000");
            assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Slow: ",
                "Authorization: Bearer admin-secret\r\nContent-Length: 100\r\n\r\n{",
                "Authorization: Bearer admin-secret\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"
            })
    void aSenderThatDripsIsCutOff(String beginning) throws Exception {
        GatewaySettings quick = TestGateway.usual().withReadTimeout(Duration.ofMillis(300));
        try (TestGateway hub = TestGateway.with(quick, VectorMethods.all());
                var socket = new Socket(InetAddress.getLoopbackAddress(), hub.port())) {
            socket.setSoTimeout(30_000);
            String request = "POST /rpc HTTP/1.1\r\nHost: x\r\n" + beginning;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var dripping = hub.threads.submit(() -> {
                var pause = new CountDownLatch(1);
                while (!pause.await(50, TimeUnit.MILLISECONDS)) {
                    socket.getOutputStream().write(' ');
                }
                return null;
            });

            // When
            String answer = readAll(socket.getInputStream());

            // Then
            assertThat(answer).satisfiesAnyOf(text -> assertThat(text).isEmpty(), text -> assertThat(text)
                    .startsWith("HTTP/1.1 408"));
            dripping.cancel(true);
        }
    }

    @Test
    void requestsUnderWayEndBeforeTheDoorsClose() throws Exception {
        var release = new CountDownLatch(1);
        var running = new CountDownLatch(1);
        RpcMethod slow = RpcMethod.named("slow", Access.CHAT, "waits").by(call -> {
            running.countDown();
            release.await();
            return json -> json.writeString("done");
        });
        TestGateway hub = TestGateway.with(slow);
        URI health = hub.uri("/health/live");
        try (RawWebSocket socket = hub.socket()) {
            var underWay = hub.threads.submit(() -> hub.rpc(call("slow"), TestGateway.ADMIN));
            running.await();

            // When
            var closing = hub.threads.submit(() -> {
                hub.gateway.close(Duration.ofSeconds(30));
                return null;
            });
            String refused = untilRefused(hub);
            release.countDown();

            // Then
            assertThat(refused).contains("-32011");
            assertThat(underWay.get(30, TimeUnit.SECONDS).body()).contains("done");
            assertThat(socket.readCloseCode()).isEqualTo(1001);
            closing.get(30, TimeUnit.SECONDS);
            assertThatThrownBy(() -> hub.send(HttpRequest.newBuilder(health))).isInstanceOf(IOException.class);
        }
    }

    private static String untilRefused(TestGateway hub) throws Exception {
        String answer = "";
        for (long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                !answer.contains("-32011") && System.nanoTime() < end; ) {
            answer = hub.rpc("{\"jsonrpc\":\"2.0\",\"method\":\"slow\",\"params\":[1],\"id\":1}", TestGateway.ADMIN)
                    .body();
        }
        return answer;
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (TestGateway hub = TestGateway.with()) {
            // When
            var second =
                    assertThatThrownBy(() -> TestGateway.with(GatewaySettings.of("127.0.0.1", hub.port()), List.of()));

            // Then
            second.isInstanceOf(IOException.class).hasMessageContaining("127.0.0.1:" + hub.port());
        }
    }

    @Test
    void eventsOfACallComeAsAStreamThatEndsWithTheAnswer() throws Exception {
        RpcMethod telling = RpcMethod.named("tell", Access.CHAT, "tells").by(call -> {
            EventStream events = call.client().events().orElseThrow();
            events.send("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
            events.send("{\"n\":2}".getBytes(StandardCharsets.UTF_8));
            return json -> json.writeString("end");
        });
        try (TestGateway hub = TestGateway.with(telling, method("quiet", Access.CHAT))) {
            // When
            HttpResponse<String> streamed = stream(hub, "tell");
            HttpResponse<String> plain = stream(hub, "quiet");
            HttpResponse<String> refused = stream(hub, "nothing");

            // Then
            assertThat(streamed.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(streamed.body()).isEqualTo("""
                data: {"n":1}

                data: {"n":2}

                data: {"jsonrpc":"2.0","result":"end","id":1}

                """);
            assertThat(plain.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(refused.body()).contains("-32601");
        }
    }

    @Test
    void browsersAreToldToTrustNothing() throws Exception {
        try (TestGateway hub = TestGateway.with(TestGateway.usual(), VectorMethods.all())) {
            // When
            HttpResponse<String> good = hub.rpc(SUM, TestGateway.ADMIN);
            String bad = raw(hub, "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n");

            // Then
            assertThat(good.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(good.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(bad).startsWith("HTTP/1.1 400").contains("nosniff");
        }
    }

    @Test
    void whatIsNotThereIs404AndTheWrongMethod405() throws Exception {
        try (TestGateway hub = TestGateway.with()) {
            // When
            HttpResponse<String> nowhere = hub.get("/nowhere", TestGateway.ADMIN);
            HttpResponse<String> wrong = hub.get("/rpc", TestGateway.ADMIN);
            HttpResponse<String> noUpgrade = hub.get("/ws", TestGateway.ADMIN);

            // Then
            assertThat(nowhere.statusCode()).isEqualTo(404);
            assertThat(wrong.statusCode()).isEqualTo(405);
            assertThat(wrong.headers().firstValue("Allow")).hasValue("POST");
            assertThat(noUpgrade.statusCode()).isEqualTo(426);
        }
    }

    private static HttpResponse<String> stream(TestGateway hub, String method) throws Exception {
        return hub.send(TestGateway.authorised(hub.request("/rpc"), TestGateway.ADMIN)
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(call(method))));
    }

    private static String raw(TestGateway hub, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), hub.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return readAll(socket.getInputStream());
        }
    }

    private static String readAll(InputStream in) {
        var all = new java.io.ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException reset) {
            // As good as an end.
        }
        return all.toString(StandardCharsets.US_ASCII);
    }

    private static RpcMethod method(String name, Access access) {
        return RpcMethod.named(name, access, "does nothing").by(call -> RpcResult.NULL);
    }

    private static String call(String method) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"id\":1}";
    }
}
