package dev.patchbay.hub.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * Counts in memory and writes the Prometheus page. Safe for many threads.
 *
 * <p>Written by hand: the page is simple, and at a cold start this costs 10 ms of processor time, Micrometer 40, Helidon's layer
 * over it 300.
 */
public final class PrometheusMeters implements Meters {
    /** The media type of {@link #scrape()}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Always on the page, also before the first value. */
    private static final Map<String, String> GAUGES = Map.of(
            "patchbay_queue_depth", "Messages waiting to go out.",
            "patchbay_queue_oldest_seconds", "Age of the oldest message waiting to go out.",
            "patchbay_dead_letters", "Messages given up.",
            "patchbay_pacing_factor", "How many times slower than its limits an account is sent to.",
            "patchbay_ws_connections", "Open WebSockets.",
            "patchbay_agent_workers", "Child processes of an agent.",
            "patchbay_agent_worker_bytes", "Memory of an agent's child processes and all that they have started.",
            "patchbay_store_bytes", "Size of the store on disk.",
            "patchbay_breaker_state", "Circuit breakers: 0 closed, 1 half-open, 2 open.");

    private final Family<LongAdder> inbound = new Family<>(LongAdder::new);
    private final Family<LongAdder> outbound = new Family<>(LongAdder::new);
    private final Family<LongAdder> paced = new Family<>(LongAdder::new);
    private final Family<LongAdder> tokens = new Family<>(LongAdder::new);
    private final Family<DoubleAdder> costs = new Family<>(DoubleAdder::new);
    private final Family<LongAdder> losses = new Family<>(LongAdder::new);
    private final Family<Histogram> turns = new Family<>(() -> new Histogram(Histogram.Bounds.waits()));
    private final Family<Histogram> deliveries = new Family<>(() -> new Histogram(Histogram.Bounds.waits()));
    private final Family<Histogram> calls = new Family<>(() -> new Histogram(Histogram.Bounds.work()));
    private final Histogram commits = new Histogram(Histogram.Bounds.work());
    private final Histogram batches = new Histogram(Histogram.Bounds.batches());
    private final Gauges gauges = new Gauges();

    @Override
    public void inbound(String channel, String result) {
        inbound.of(channel, result).increment();
    }

    @Override
    public void turn(String agent, String result, Duration took) {
        turns.of(agent, result).record(nanos(took));
    }

    @Override
    public void outbound(String channel, String outcome) {
        outbound.of(channel, outcome).increment();
    }

    @Override
    public void paced(String channel, String scope) {
        paced.of(channel, scope).increment();
    }

    @Override
    public void delivered(String channel, Duration sinceQueued) {
        deliveries.of(channel, "").record(nanos(sinceQueued));
    }

    @Override
    public void rpc(String method, int code, Duration took) {
        calls.of(method, code == 0 ? "0" : Integer.toString(code)).record(nanos(took));
    }

    @Override
    public void commit(Duration took, int writes) {
        commits.record(nanos(took));
        batches.record(writes);
    }

    @Override
    public void tokens(String agent, long input, long output) {
        if (input > 0) {
            tokens.of(agent, "input").add(input);
        }
        if (output > 0) {
            tokens.of(agent, "output").add(output);
        }
    }

    @Override
    public void cost(String agent, String currency, double cost) {
        costs.of(agent, currency).add(cost);
    }

    @Override
    public void workerLost(String agent, String reason) {
        losses.of(agent, reason).increment();
    }

    @Override
    public void gauge(String name, Map<String, String> labels, DoubleSupplier value) {
        gauges.put(name, labels, value);
    }

    /** The whole page, of media type {@link #CONTENT_TYPE}. May block as long as the suppliers of the gauges do. */
    public String scrape() {
        var page = new Page();
        counters(page, "patchbay_inbound_total", "Messages that came in.", inbound, "channel", "result");
        counters(page, "patchbay_outbound_total", "Outcomes of deliveries.", outbound, "channel", "outcome");
        counters(page, "patchbay_paced_total", "Wishes of platforms to slow down.", paced, "channel", "scope");
        counters(page, "patchbay_agent_tokens_total", "Tokens read and written.", tokens, "agent", "direction");
        page.family("patchbay_agent_cost_total", "counter", "What turns have cost.");
        costs.each("agent", "currency", (labels, sum) -> page.sample("patchbay_agent_cost_total", labels, sum.sum()));
        counters(
                page,
                "patchbay_agent_worker_restarts_total",
                "Child processes of agents that were lost, to be started again.",
                losses,
                "agent",
                "reason");
        histograms(page, "patchbay_turn_seconds", "Turns of agents.", turns, "agent", "result");
        histograms(page, "patchbay_delivery_seconds", "From queued to delivered.", deliveries, "channel", "");
        histograms(page, "patchbay_rpc_seconds", "JSON-RPC calls; code 0 is success.", calls, "method", "code");
        page.family("patchbay_commit_seconds", "histogram", "Commits of the store, with the wait for the disk.");
        commits.write(page, "patchbay_commit_seconds", "");
        page.family("patchbay_commit_batch", "histogram", "Writes in one commit.");
        batches.write(page, "patchbay_commit_batch", "");
        gauges.write(page, GAUGES);
        JvmMetrics.write(page);
        return page.toString();
    }

    /** How long calls, turns and deliveries have taken since the start: for each its count and quantiles, in wire names. */
    public Map<String, Object> latencies() {
        return Map.of("rpc", latency(calls), "turn", latency(turns), "delivery", latency(deliveries));
    }

    private static Map<String, Object> latency(Family<Histogram> family) {
        Collection<Histogram> all = family.all();
        return Map.of(
                "count", all.stream().mapToLong(Histogram::count).sum(),
                "p50_ms", millis(Histogram.quantile(all, 0.5)),
                "p95_ms", millis(Histogram.quantile(all, 0.95)),
                "p99_ms", millis(Histogram.quantile(all, 0.99)));
    }

    /** Seconds in milliseconds, to the microsecond. */
    private static double millis(double seconds) {
        return Math.round(seconds * 1e6) / 1e3;
    }

    private static void counters(
            Page page, String name, String help, Family<LongAdder> family, String first, String second) {
        page.family(name, "counter", help);
        family.each(first, second, (labels, count) -> page.sample(name, labels, count.sum()));
    }

    private static void histograms(
            Page page, String name, String help, Family<Histogram> family, String first, String second) {
        page.family(name, "histogram", help);
        family.each(first, second, (labels, histogram) -> histogram.write(page, name, labels));
    }

    /** A clock that jumped must not throw in somebody's way. */
    private static long nanos(Duration took) {
        return took.isNegative() ? 0 : took.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : took.toNanos();
    }
}
