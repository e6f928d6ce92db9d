package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The bot's side of the wire, as plain as can be. */
final class BotClient implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    BotClient(FakeTelegram telegram, String token) {
        base = telegram.url() + "/bot" + token + "/";
    }

    /** An answer: its status and its JSON. */
    record Answer(int status, JsonNode json) {
        static Answer of(HttpResponse<String> response) {
            return new Answer(response.statusCode(), Json.read(response.body()).orElseGet(Json::object));
        }

        JsonNode result() {
            return json.path("result");
        }

        String description() {
            return json.path("description").asText();
        }

        int retryAfter() {
            return json.path("parameters").path("retry_after").asInt();
        }
    }

    Answer call(String method, Map<String, Object> parameters) throws Exception {
        return Answer.of(http.send(request(method, parameters), BodyHandlers.ofString()));
    }

    Answer call(String method) throws Exception {
        return call(method, Map.of());
    }

    CompletableFuture<Answer> later(String method, Map<String, Object> parameters) {
        return http.sendAsync(request(method, parameters), BodyHandlers.ofString())
                .thenApply(Answer::of);
    }

    Answer send(long chat, String text) throws Exception {
        return call("sendMessage", Map.of("chat_id", chat, "text", text));
    }

    Answer html(long chat, String text) throws Exception {
        return call("sendMessage", Map.of("chat_id", chat, "text", text, "parse_mode", "HTML"));
    }

    JsonNode updates(long offset) throws Exception {
        return call("getUpdates", Map.of("offset", offset)).result();
    }

    Answer upload(String method, String field, String fileName, byte[] content, Map<String, String> more)
            throws Exception {
        var body = new StringBuilder();
        more.forEach((name, value) -> body.append("--B\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        body.append("--B\r\nContent-Disposition: form-data; name=\"")
                .append(field)
                .append("\"; filename=\"")
                .append(fileName)
                .append("\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .append(new String(content, StandardCharsets.ISO_8859_1))
                .append("\r\n--B--\r\n");
        var request = HttpRequest.newBuilder(URI.create(base + method))
                .header("Content-Type", "multipart/form-data; boundary=B")
                .POST(BodyPublishers.ofByteArray(body.toString().getBytes(StandardCharsets.ISO_8859_1)))
                .build();
        return Answer.of(http.send(request, BodyHandlers.ofString()));
    }

    HttpResponse<byte[]> get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> form(String method, String encoded) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(base + method))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest request(String method, Map<String, Object> parameters) {
        var json = Json.object();
        parameters.forEach(json::putPOJO);
        return HttpRequest.newBuilder(URI.create(base + method))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.toString()))
                .build();
    }
}
