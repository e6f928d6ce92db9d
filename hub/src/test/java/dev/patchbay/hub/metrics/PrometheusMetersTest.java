package dev.patchbay.hub.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusMetersTest {
    final PrometheusMeters meters = new PrometheusMeters();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patchbay_inbound_total counter",
                "patchbay_turn_seconds histogram",
                "patchbay_outbound_total counter",
                "patchbay_paced_total counter",
                "patchbay_pacing_factor gauge",
                "patchbay_delivery_seconds histogram",
                "patchbay_queue_depth gauge",
                "patchbay_queue_oldest_seconds gauge",
                "patchbay_dead_letters gauge",
                "patchbay_rpc_seconds histogram",
                "patchbay_ws_connections gauge",
                "patchbay_commit_seconds histogram",
                "patchbay_commit_batch histogram",
                "patchbay_store_bytes gauge",
                "patchbay_breaker_state gauge",
                "patchbay_agent_tokens_total counter",
                "memory_usedHeap_bytes gauge",
                "memory_committedHeap_bytes gauge",
                "memory_maxHeap_bytes gauge",
                "thread_count gauge",
                "thread_daemon_count gauge",
                "thread_max_count gauge",
                "thread_starts gauge",
                "classloader_loadedClasses_count gauge",
                "classloader_loadedClasses_total counter",
                "classloader_unloadedClasses_total counter",
                "gc_total counter",
                "gc_time_seconds_total counter",
                "cpu_availableProcessors gauge",
                "cpu_systemLoadAverage gauge",
                "jvm_uptime_seconds gauge"
            })
    void everyPromisedNameIsOnThePageBeforeAnythingHappened(String nameAndType) {
        // When, Then
        assertThat(meters.scrape().lines()).containsOnlyOnce("# TYPE " + nameAndType);
    }

    @Test
    void countsCarryTheLabelsThatArePromised() {
        // When
        meters.inbound("telegram", "accepted");
        meters.inbound("telegram", "accepted");
        meters.inbound("cli", "duplicate");
        meters.outbound("webhook", "retry_later");
        meters.tokens("main", 12, 0);

        // Then
        assertThat(meters.scrape().lines())
                .contains(
                        "patchbay_inbound_total{channel=\"telegram\",result=\"accepted\"} 2",
                        "patchbay_inbound_total{channel=\"cli\",result=\"duplicate\"} 1",
                        "patchbay_outbound_total{channel=\"webhook\",outcome=\"retry_later\"} 1",
                        "patchbay_agent_tokens_total{agent=\"main\",direction=\"input\"} 12");
    }

    @Test
    void latenciesAreToldToWithinTheirBucketOverAllLabels() {
        // Given
        for (int i = 0; i < 90; i++) {
            meters.rpc(i % 2 == 0 ? "chat.send" : "health", 0, Duration.ofMillis(4));
        }
        for (int i = 0; i < 8; i++) {
            meters.rpc("chat.send", -32008, Duration.ofMillis(700));
        }
        meters.rpc("chat.send", 0, Duration.ofMinutes(1));
        meters.rpc("chat.send", 0, Duration.ofMinutes(1));

        // When
        Map<String, Object> rpc = latency("rpc");

        // Then
        assertThat(rpc).containsEntry("count", 100L);
        assertThat(millis(rpc, "p50_ms")).isBetween(2.5, 5.0);
        assertThat(millis(rpc, "p95_ms")).isBetween(500.0, 1_000.0);
        assertThat(rpc).as("no bucket beyond has an end").containsEntry("p99_ms", 10_000.0);
        assertThat(latency("turn")).containsEntry("count", 0L).containsEntry("p99_ms", 0.0);
        assertThat(latency("delivery")).containsEntry("p50_ms", 0.0);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> latency(String what) {
        return (Map<String, Object>) Objects.requireNonNull(meters.latencies().get(what));
    }

    private static double millis(Map<String, Object> latency, String quantile) {
        return (double) Objects.requireNonNull(latency.get(quantile));
    }

    @Test
    void timesFallIntoBucketsThatAddUp() {
        // When
        meters.turn("main", "ok", Duration.ofMillis(1));
        meters.turn("main", "ok", Duration.ofMillis(700));
        meters.turn("main", "ok", Duration.ofHours(2));
        meters.rpc("chat.send", -32008, Duration.ofMillis(3));
        meters.delivered("webhook", Duration.ofSeconds(2));

        // Then
        assertThat(meters.scrape().lines())
                .contains(
                        "patchbay_turn_seconds_bucket{agent=\"main\",result=\"ok\",le=\"0.001\"} 1",
                        "patchbay_turn_seconds_bucket{agent=\"main\",result=\"ok\",le=\"0.5\"} 1",
                        "patchbay_turn_seconds_bucket{agent=\"main\",result=\"ok\",le=\"1\"} 2",
                        "patchbay_turn_seconds_bucket{agent=\"main\",result=\"ok\",le=\"3600\"} 2",
                        "patchbay_turn_seconds_bucket{agent=\"main\",result=\"ok\",le=\"+Inf\"} 3",
                        "patchbay_turn_seconds_sum{agent=\"main\",result=\"ok\"} 7200.701",
                        "patchbay_turn_seconds_count{agent=\"main\",result=\"ok\"} 3",
                        "patchbay_rpc_seconds_count{method=\"chat.send\",code=\"-32008\"} 1",
                        "patchbay_delivery_seconds_count{channel=\"webhook\"} 1");
    }

    @Test
    void commitsAreTimedAndTheirWritesCounted() {
        // When
        meters.commit(Duration.ofMillis(8), 64);
        meters.commit(Duration.ofMillis(2), 1);

        // Then
        assertThat(meters.scrape().lines())
                .contains(
                        "patchbay_commit_seconds_bucket{le=\"0.005\"} 1",
                        "patchbay_commit_seconds_sum 0.01",
                        "patchbay_commit_seconds_count 2",
                        "patchbay_commit_batch_bucket{le=\"1\"} 1",
                        "patchbay_commit_batch_bucket{le=\"64\"} 2",
                        "patchbay_commit_batch_sum 65");
    }

    @Test
    void aClockThatJumpedDoesNotHarm() {
        // When
        meters.delivered("cli", Duration.ofSeconds(-5));
        meters.delivered("cli", Duration.ofSeconds(Long.MAX_VALUE));

        // Then
        assertThat(meters.scrape().lines()).contains("patchbay_delivery_seconds_count{channel=\"cli\"} 2");
    }

    @Test
    void aGaugeIsReadWhenAskedForAndItsSupplierReplacedByALaterOne() {
        // Given
        var value = new double[] {1};
        meters.gauge("patchbay_queue_depth", Map.of("channel", "cli"), () -> -1);
        meters.gauge("patchbay_queue_depth", Map.of("channel", "cli"), () -> value[0]);

        // When
        value[0] = 2.5;

        // Then
        assertThat(meters.scrape().lines())
                .contains("patchbay_queue_depth{channel=\"cli\"} 2.5")
                .doesNotContain("patchbay_queue_depth{channel=\"cli\"} -1");
    }

    @Test
    void aGaugeThatCannotBeReadIsLeftOutAndTheOthersStay() {
        // Given
        meters.gauge("patchbay_store_bytes", Map.of(), () -> {
            throw new IllegalStateException("closed");
        });
        meters.gauge("patchbay_ws_connections", Map.of(), () -> 3);

        // When
        List<String> samples = meters.scrape()
                .lines()
                .filter(line -> line.startsWith("patchbay_store") || line.startsWith("patchbay_ws"))
                .toList();

        // Then
        assertThat(samples).containsExactly("patchbay_ws_connections 3");
    }

    @Test
    void labelsBeyondTheBoundShareOneMeter() {
        // When
        for (int i = 0; i < 10_000; i++) {
            meters.rpc("method-" + i, 0, Duration.ofMillis(1));
        }

        // Then
        List<String> counts = meters.scrape()
                .lines()
                .filter(line -> line.startsWith("patchbay_rpc_seconds_count"))
                .toList();
        assertThat(counts)
                .hasSize(Family.SETS_MAX + 1)
                .contains("patchbay_rpc_seconds_count{method=\"other\",code=\"other\"} 9800");
    }

    @Test
    void labelsCannotBreakOutOfTheirQuotes() {
        // When
        meters.inbound("a\"} 1\nb\\", "accepted");

        // Then
        assertThat(meters.scrape().lines())
                .contains("patchbay_inbound_total{channel=\"a\\\"} 1\\nb\\\\\",result=\"accepted\"} 1");
    }

    @Test
    void nothingIsLostWhenManyCountAtOnce() throws Exception {
        // Given
        var threads = new ArrayList<Thread>();

        // When
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int n = 0; n < 10_000; n++) {
                    meters.turn("main", "ok", Duration.ofMillis(1));
                }
            }));
        }
        for (Thread each : threads) {
            each.join();
        }

        // Then
        assertThat(meters.scrape().lines()).contains("patchbay_turn_seconds_count{agent=\"main\",result=\"ok\"} 80000");
    }

    @Test
    void everyLineOfThePageIsWellFormed() {
        // Given
        meters.gauge("patchbay_store_bytes", Map.of(), () -> Double.NaN);
        meters.turn("main", "ok", Duration.ofNanos(1_234_567));

        // When, Then
        assertThat(meters.scrape().lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) \\w+ .+")
                        || line.matches("[a-zA-Z_]\\w*(\\{(\\w+=\"([^\"\\\\]|\\\\.)*\",?)+})?"
                                + " (NaN|[+-]Inf|-?[0-9.]+(E-?[0-9]+)?)"));
    }
}
