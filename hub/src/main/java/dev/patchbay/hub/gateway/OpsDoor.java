package dev.patchbay.hub.gateway;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.ops.Health;
import dev.patchbay.hub.ops.HealthPart;
import dev.patchbay.hub.ops.HealthReport;
import dev.patchbay.hub.ops.HealthStatus;
import dev.patchbay.hub.ops.Vitals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Health, metrics and the page at the front door. */
public final class OpsDoor {
    private final Health health;
    private final String version;
    private final Supplier<String> metrics;
    private final Supplier<Map<String, Object>> latencies;
    private final Optimizer optimizer;
    private volatile boolean draining;

    /** Tidies up on request. */
    @FunctionalInterface
    public interface Optimizer {
        /** Does what is worth doing now, in bounded time; says what it did, in wire names. */
        Map<String, Object> optimize() throws InterruptedException;
    }

    /**
     * Makes the door.
     *
     * @param metrics all of them in Prometheus' text format
     * @param latencies how long things take, by what it is
     */
    public OpsDoor(
            Health health,
            String version,
            Supplier<String> metrics,
            Supplier<Map<String, Object>> latencies,
            Optimizer optimizer) {
        this.health = health;
        this.version = version;
        this.metrics = metrics;
        this.latencies = latencies;
        this.optimizer = optimizer;
    }

    /** From now on the hub counts as down: nothing new gets through. Called again, does nothing. */
    void beginDrain() {
        draining = true;
    }

    String version() {
        return version;
    }

    /** What {@code health} answers: the bare status, for those who see all the parts as well. */
    public RpcResult health(boolean withParts) throws InterruptedException {
        HealthReport report = health.report();
        return json -> write(json, report, withParts);
    }

    /** False if the path is none of ours: nothing was answered. */
    boolean handle(HttpExchange exchange, Map<String, Object> load) throws InterruptedException {
        switch (exchange.path()) {
            case "/" -> read(exchange, () -> page(exchange));
            case "/health", "/health/ready", "/api/health" -> read(exchange, () -> health(exchange));
            case "/health/live" ->
                read(
                        exchange,
                        () -> exchange.json(200, json -> {
                            json.writeStartObject();
                            json.writeStringField("status", HealthStatus.OK.word());
                            json.writeEndObject();
                        }));
            case "/api/health/metrics" ->
                read(exchange, () -> {
                    if (isPermitted(exchange, Access.READ)) {
                        var facts = new LinkedHashMap<>(Vitals.read());
                        facts.putAll(load);
                        facts.put("latency", latencies.get());
                        health.report().parts().forEach((name, part) -> facts.put(name, part.facts()));
                        exchange.json(200, json -> Json.tree(json, facts));
                    }
                });
            case "/api/health/database" ->
                read(exchange, () -> {
                    if (isPermitted(exchange, Access.READ)) {
                        part(exchange, "store");
                    }
                });
            case "/api/health/optimize" -> {
                if (!exchange.method().equals("POST")) {
                    exchange.notAllowed("POST");
                } else if (isPermitted(exchange, Access.OPERATE)) {
                    optimize(exchange);
                }
            }
            case "/metrics" ->
                read(exchange, () -> {
                    if (isPermitted(exchange, Access.READ)) {
                        exchange.send(
                                200,
                                "text/plain; version=0.0.4; charset=utf-8",
                                metrics.get().getBytes(StandardCharsets.UTF_8));
                    }
                });
            default -> {
                return false;
            }
        }
        return true;
    }

    private interface Reading {
        void run() throws InterruptedException;
    }

    private static void read(HttpExchange exchange, Reading reading) throws InterruptedException {
        if (exchange.isRead()) {
            reading.run();
        } else {
            exchange.notAllowed("GET, HEAD");
        }
    }

    /** What stands here is the whole hub's. */
    private static boolean isPermitted(HttpExchange exchange, Access access) {
        if (!exchange.permits(access)) {
            return false;
        }
        if (!exchange.caller().sees().isWhole()) {
            exchange.error(403, "this concerns the whole hub, and the token is for one tenant");
            return false;
        }
        return true;
    }

    private void health(HttpExchange exchange) throws InterruptedException {
        HealthReport report = health.report();
        boolean withParts = exchange.caller().sees().isWhole();
        int status = status(report) == HealthStatus.DOWN ? 503 : 200;
        exchange.json(status, json -> write(json, report, withParts));
    }

    private HealthStatus status(HealthReport report) {
        return draining ? HealthStatus.DOWN : report.status();
    }

    private void optimize(HttpExchange exchange) throws InterruptedException {
        try {
            exchange.body();
        } catch (HttpExchange.TooLong | HttpExchange.NoRoom unasked) {
            exchange.error(413, "no body is needed");
            return;
        }
        Map<String, Object> done = optimizer.optimize();
        exchange.json(200, json -> Json.tree(json, done));
    }

    private void part(HttpExchange exchange, String name) throws InterruptedException {
        HealthReport report = health.report();
        HealthPart part = report.parts().get(name);
        if (part == null) {
            exchange.error(404, "there is no such part");
            return;
        }
        exchange.json(part.status() == HealthStatus.DOWN ? 503 : 200, json -> {
            json.writeStartObject();
            write(json, part);
            json.writeEndObject();
        });
    }

    private void write(JsonGenerator json, HealthReport report, boolean withParts) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", status(report).word());
        json.writeStringField("version", version);
        Json.time(json, "timestamp", report.at());
        if (withParts) {
            json.writeObjectFieldStart("parts");
            for (Map.Entry<String, HealthPart> each : report.parts().entrySet()) {
                json.writeObjectFieldStart(each.getKey());
                write(json, each.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, HealthPart part) throws IOException {
        json.writeStringField("status", part.status().word());
        if (!part.detail().isEmpty()) {
            json.writeStringField("detail", part.detail());
        }
        for (Map.Entry<String, Object> each : part.facts().entrySet()) {
            json.writeFieldName(each.getKey());
            Json.tree(json, each.getValue());
        }
    }

    private void page(HttpExchange exchange) {
        String page = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Patchbay</title>
            </head>
            <body>
            <h1>Patchbay %s runs here</h1>
            <p>Health: <a href="/health">/health</a>. Everything else needs a token; without one configured, the hub has
            made one and keeps it in <code>admin-token</code> in its data folder.</p>
            <pre>curl -H "Authorization: Bearer $TOKEN" -d \
            '{"jsonrpc":"2.0","id":1,"method":"chat.send","params":{"text":"Hello"}}' http://%s/rpc</pre>
            <p><code>rpc.discover</code> describes all methods. Programs that want events open a WebSocket at
            <code>/ws</code>. In a terminal: <code>patchbay chat</code>.</p>
            </body>
            </html>
            """.formatted(version, exchange.localAddress());
        exchange.send(200, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }
}
