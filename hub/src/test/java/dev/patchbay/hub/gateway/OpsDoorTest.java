package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.ops.HealthPart;
import dev.patchbay.hub.ops.HealthSource;
import dev.patchbay.hub.ops.HealthStatus;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Health and metrics from outside. */
@Timeout(30)
class OpsDoorTest {

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/ready", "/api/health"})
    void healthIsBareWithoutATokenAndWholeWithOne(String path) throws Exception {
        try (TestGateway hub = TestGateway.withHealth(TestGateway.part("store"))) {
            // When
            HttpResponse<String> bare = hub.get(path, "");
            HttpResponse<String> whole = hub.get(path, TestGateway.CHAT);

            // Then
            assertThat(bare.statusCode()).isEqualTo(200);
            assertThat(bare.body())
                    .contains("\"status\":\"ok\"", "\"version\":\"0.1.0-test\"", "\"timestamp\":")
                    .doesNotContain("store");
            assertThat(whole.body()).contains("\"parts\":{\"store\":{\"status\":\"ok\",\"bytes\":5}}");
        }
    }

    @ParameterizedTest
    @CsvSource({"OK,200,ok", "DEGRADED,200,degraded", "DOWN,503,down"})
    void theWorstPartDecides(HealthStatus status, int code, String word) throws Exception {
        HealthSource bad = TestGateway.part("queue", new HealthPart(status, "why", Map.of()));
        try (TestGateway hub = TestGateway.withHealth(TestGateway.part("store"), bad)) {
            // When
            HttpResponse<String> health = hub.get("/health", "");
            HttpResponse<String> live = hub.get("/health/live", "");

            // Then
            assertThat(health.statusCode()).isEqualTo(code);
            assertThat(health.body()).contains("\"status\":\"" + word + "\"");
            assertThat(live.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aPartThatHangsIsDownWithinABoundAndAskedOnlyOnce() throws Exception {
        var asked = new AtomicInteger();
        var never = new CountDownLatch(1);
        HealthSource hanging = new HealthSource() {
            @Override
            public String name() {
                return "store";
            }

            @Override
            public HealthPart check() throws InterruptedException {
                asked.incrementAndGet();
                never.await();
                return HealthPart.ok(Map.of());
            }
        };
        try (TestGateway hub = TestGateway.withHealth(hanging)) {
            // When
            HttpResponse<String> first = hub.get("/health", TestGateway.READ);
            hub.get("/health", "");

            // Then
            assertThat(first.statusCode()).isEqualTo(503);
            assertThat(first.body()).contains("no answer within 1000 ms");
            assertThat(asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics,'',401",
        "/metrics,chat-secret,403",
        "/metrics,read-secret,200",
        "/metrics,operate-secret,200",
        "/api/health/metrics,'',401",
        "/api/health/metrics,read-secret,200",
        "/api/health/database,'',401",
        "/api/health/database,admin-secret,200",
        "/api/health/optimize,operate-secret,405"
    })
    void figuresNeedAToken(String path, String token, int status) throws Exception {
        try (TestGateway hub = TestGateway.withHealth(TestGateway.part("store"))) {
            // When
            HttpResponse<String> response = hub.get(path, token);

            // Then
            assertThat(response.statusCode()).isEqualTo(status);
        }
    }

    @Test
    void theFiguresHoldHowLongThingsTakeAndTheMetricsComeWhole() throws Exception {
        try (TestGateway hub = TestGateway.withHealth(TestGateway.part("store"))) {
            // When
            HttpResponse<String> figures = hub.get("/api/health/metrics", TestGateway.READ);
            HttpResponse<String> metrics = hub.get("/metrics", TestGateway.READ);

            // Then
            assertThat(figures.body()).contains("\"latency\":{\"rpc\":{\"p50_ms\":1.5}}");
            assertThat(metrics.body().equals(TestGateway.METRICS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/ready", "/api/health"})
    void aHubThatBeginsToStopIsNotReadyButStillAlive(String path) throws Exception {
        try (TestGateway hub = TestGateway.withHealth(TestGateway.part("store"))) {
            hub.get(path, "");

            // When
            hub.gateway.beginDrain();
            HttpResponse<String> ready = hub.get(path, "");
            HttpResponse<String> live = hub.get("/health/live", "");
            HttpResponse<String> other = hub.get("/metrics", TestGateway.READ);

            // Then
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"status\":\"down\"");
            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(other.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void optimizingNeedsScopeOperate() throws Exception {
        try (TestGateway hub = TestGateway.withHealth()) {
            // When
            HttpResponse<String> reader = post(hub, TestGateway.READ);
            HttpResponse<String> operator = post(hub, TestGateway.OPERATE);

            // Then
            assertThat(reader.statusCode()).isEqualTo(403);
            assertThat(operator.statusCode()).isEqualTo(200);
            assertThat(operator.body()).isEqualTo("{\"removed\":7}");
        }
    }

    @Test
    void theFrontDoorSaysWhatRunsHereAndRunsNoScript() throws Exception {
        try (TestGateway hub = TestGateway.withHealth()) {
            // When
            HttpResponse<String> page = hub.get("/", "");
            HttpResponse<String> head = hub.send(hub.request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));

            // Then
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("Patchbay 0.1.0-test", "127.0.0.1:" + hub.port());
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("default-src 'none'");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    private static HttpResponse<String> post(TestGateway hub, String token) throws Exception {
        return hub.send(TestGateway.authorised(hub.request("/api/health/optimize"), token)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }
}
