package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A hub on loopback that says what it was told to say, over HTTP and WebSocket, and remembers what it was asked. */
public final class FakeHub implements AutoCloseable {
    public static final String TOKEN = "the-token-of-the-fake";

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, SocketScript> socketScripts = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Semaphore subscribed = new Semaphore(0);
    private final List<WsSession> sockets = new CopyOnWriteArrayList<>();
    private WebServer server;
    private final int port;

    /** One request. */
    public record Asked(String method, JsonNode params) {}

    /** What a method answers: the JSON of a result, or an error. */
    public interface Script {
        String answer(JsonNode params) throws Refusal;
    }

    /** What happens on a socket when a method is called. */
    public interface SocketScript {
        void on(long id, JsonNode params, Wire wire) throws InterruptedException;
    }

    /** The way back to one client. */
    public interface Wire {
        void send(String json);

        void cut();
    }

    /** A JSON-RPC error. */
    public static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;
        private final String data;

        public Refusal(int code, String message, String data) {
            super(message);
            this.code = code;
            this.data = data;
        }
    }

    public FakeHub() {
        server = start(0);
        port = server.port();
        willAnswer("health", "{\"status\":\"ok\",\"version\":\"1.2.3\"}");
        onSocket("events.subscribe", (id, params, wire) -> wire.send(result(id, "{\"cursor\":\"c1\"}")));
    }

    public FakeHub willAnswer(String method, String result) {
        scripts.put(method, params -> result);
        return this;
    }

    public FakeHub will(String method, Script script) {
        scripts.put(method, script);
        return this;
    }

    public FakeHub onSocket(String method, SocketScript script) {
        socketScripts.put(method, script);
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    public List<Asked> asked(String method) {
        return asked.stream().filter(each -> each.method().equals(method)).toList();
    }

    /** Says something to everybody who is connected, once somebody has subscribed. */
    public void tellAll(String json) throws InterruptedException {
        if (!subscribed.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody has subscribed");
        }
        sockets.forEach(socket -> send(socket, json));
    }

    /** Goes away and comes back at the same address. */
    public void restart() {
        // A server that stops does not always cut a socket on which it is just writing.
        sockets.forEach(FakeHub::cut);
        sockets.clear();
        server.stop();
        server = start(port);
    }

    private static void cut(WsSession socket) {
        try {
            socket.terminate();
        } catch (RuntimeException gone) {
            // Cut by the other side already.
        }
    }

    public static String result(long id, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    }

    public static String error(long id, int code, String message) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message
                + "\"}}";
    }

    public static String event(String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":" + params + "}";
    }

    @Override
    public void close() {
        server.stop();
    }

    private WebServer start(int port) {
        return WebServer.builder()
                .host("127.0.0.1")
                .port(port)
                .shutdownHook(false)
                .routing(routing -> routing.post("/rpc", this::rpc).post("/attachments", this::upload))
                .addRouting(WsRouting.builder().endpoint("/ws", Socket::new))
                .build()
                .start();
    }

    private void rpc(ServerRequest request, ServerResponse response) {
        JsonNode call = read(request.content().as(byte[].class));
        asked.add(new Asked(call.path("method").asText(), call.path("params")));
        ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", call.path("id"));
        String authorization =
                request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        boolean isKnown = authorization.equals("Bearer " + TOKEN)
                || call.path("method").asText().equals("health");
        if (!isKnown) {
            answer.putObject("error").put("code", -32001).put("message", "unauthorised");
            response.status(Status.UNAUTHORIZED_401).send(answer.toString());
            return;
        }
        try {
            Script script = Objects.requireNonNull(
                    scripts.get(call.path("method").asText()),
                    call.path("method").asText());
            answer.set("result", read(script.answer(call.path("params")).getBytes(StandardCharsets.UTF_8)));
        } catch (Refusal refusal) {
            ObjectNode error =
                    answer.putObject("error").put("code", refusal.code).put("message", refusal.getMessage());
            error.set("data", read(refusal.data.getBytes(StandardCharsets.UTF_8)));
        }
        response.send(answer.toString());
    }

    private void upload(ServerRequest request, ServerResponse response) {
        byte[] body = request.content().as(byte[].class);
        String name = request.query().first("name").orElse("");
        asked.add(new Asked(
                "POST /attachments",
                JSON.createObjectNode()
                        .put("name", name)
                        .put(
                                "type",
                                request.headers()
                                        .first(HeaderNames.CONTENT_TYPE)
                                        .orElse(""))
                        .put("body", new String(body, StandardCharsets.UTF_8))));
        if (body.length > 1_000) {
            response.status(Status.REQUEST_ENTITY_TOO_LARGE_413).send("{\"error\":\"a file is at most 1000 bytes\"}");
        } else {
            response.status(Status.CREATED_201).send("{\"url\":\"attachment:1\",\"bytes\":" + body.length + "}");
        }
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    private static void send(WsSession session, String json) {
        synchronized (session) {
            session.send(json, true);
        }
    }

    private final class Socket implements WsListener {
        @Override
        public void onOpen(WsSession session) {
            sockets.add(session);
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            JsonNode call = read(text.getBytes(StandardCharsets.UTF_8));
            String method = call.path("method").asText();
            asked.add(new Asked(method, call.path("params")));
            if (method.equals("events.subscribe")) {
                subscribed.release();
            }
            try {
                play(session, method, call);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        private void play(WsSession session, String method, JsonNode call) throws InterruptedException {
            Objects.requireNonNull(socketScripts.get(method), method)
                    .on(call.path("id").asLong(), call.path("params"), new Wire() {
                        @Override
                        public void send(String json) {
                            FakeHub.send(session, json);
                        }

                        @Override
                        public void cut() {
                            session.terminate();
                        }
                    });
        }
    }
}
