package dev.patchbay.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A model that thinks no time at all and says what it was told, in three pieces, the way OpenAI's server does. */
final class InstantModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    InstantModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", InstantModel::answer);
        server.start();
    }

    /** A hub's configuration whose agent asks this model. */
    String agent() {
        return """
            agents:
              main:
                { type: llm, provider: openai, base-url: "http://127.0.0.1:%d/v1", api-key: none, model: instant,
                  max-concurrent: 64, context-tokens: 2000 }
            """.formatted(server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            JsonNode last =
                    request.path("messages").path(request.path("messages").size() - 1);
            String text = last.path("content").isTextual()
                    ? last.path("content").asText()
                    : last.path("content").path(0).path("text").asText();
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            int third = text.length() / 3;
            var out = new StringBuilder();
            out.append(chunk(text.substring(0, third), null));
            out.append(chunk(text.substring(third, 2 * third), null));
            out.append(chunk(text.substring(2 * third), "stop"));
            out.append("data: [DONE]\n\n");
            exchange.getResponseBody().write(out.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String chunk(String piece, @Nullable String finish) throws IOException {
        var choice = JSON.createObjectNode().put("index", 0).put("finish_reason", finish);
        choice.set("delta", JSON.valueToTree(Map.of("role", "assistant", "content", piece)));
        var whole = JSON.createObjectNode().put("id", "instant").put("object", "chat.completion.chunk");
        whole.put("model", "instant").put("created", 0).putArray("choices").add(choice);
        return "data: " + JSON.writeValueAsString(whole) + "\n\n";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
