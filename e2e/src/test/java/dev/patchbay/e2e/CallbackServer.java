package dev.patchbay.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** The far side of a webhook account: takes callbacks, remembers them, and answers as it is told to. */
final class CallbackServer implements AutoCloseable {
    private final HttpServer server;
    private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
    private volatile Function<Received, Integer> answers = unused -> 200;

    /**
     * One callback.
     *
     * @param id the webhook-id header, the same in every attempt
     */
    record Received(String id, String peer, String text, JsonNode body) {}

    CallbackServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/callback";
    }

    /** Says with which status each callback is answered, 429 with a wait of a second; 0 drops the connection after taking it. */
    void answerWith(Function<Received, Integer> status) {
        answers = status;
    }

    List<Received> received() {
        return new ArrayList<>(received);
    }

    /** Texts that this peer has got, in order. */
    List<String> texts(String peer) {
        return received.stream()
                .filter(each -> each.peer().equals(peer))
                .map(Received::text)
                .toList();
    }

    /** Remembers no more what came until now. */
    void forget() {
        received.clear();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.read(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            JsonNode data = body.path("data");
            var callback = new Received(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    data.path("to").path("id").asText(data.path("to").asText()),
                    data.path("text").asText(),
                    body);
            received.add(callback);
            int status = answers.apply(callback);
            if (status == 429) {
                exchange.getResponseHeaders().set("Retry-After", "1");
            }
            if (status > 0) {
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }
}
