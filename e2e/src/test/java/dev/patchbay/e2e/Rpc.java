package dev.patchbay.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Talks to a hub as a program would. */
final class Rpc {
    private static final Duration DEAD_SOON = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String token;

    /** The hub's answer was an error. */
    static final class RpcError extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int code;
        final transient JsonNode data;

        RpcError(JsonNode error) {
            super(error.toString());
            code = error.path("code").asInt();
            data = error.path("data");
        }
    }

    Rpc(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Calls a method; {@code params} are names and values in turn. */
    JsonNode call(String method, Object... params) throws IOException, InterruptedException {
        var named = new LinkedHashMap<String, Object>();
        for (int i = 0; i < params.length; i += 2) {
            named.put((String) params[i], params[i + 1]);
        }
        HttpResponse<String> response = post(
                "/rpc",
                Json.write(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", named)),
                "Authorization",
                "Bearer " + token);
        if (response.statusCode() >= 500 && !response.body().contains("jsonrpc")) {
            throw new IOException("the server itself answered: HTTP " + response.statusCode());
        }
        JsonNode answer = Json.read(response.body());
        if (answer.has("error")) {
            throw new RpcError(answer.get("error"));
        }
        return answer.get("result");
    }

    /** All items of a list method, page by page. */
    List<JsonNode> all(String method, String items, Object... params) throws IOException, InterruptedException {
        var found = new ArrayList<JsonNode>();
        var arguments = new ArrayList<>(List.of(params));
        arguments.addAll(List.of("limit", 500));
        JsonNode page = call(method, arguments.toArray());
        page.path(items).forEach(found::add);
        while (page.hasNonNull("next_cursor")) {
            var next = new ArrayList<>(arguments);
            next.addAll(List.of("cursor", page.get("next_cursor").asText()));
            page = call(method, next.toArray());
            page.path(items).forEach(found::add);
        }
        return found;
    }

    /** All deliveries in a state. */
    List<JsonNode> deliveries(String state) throws IOException, InterruptedException {
        return all("deliveries.list", "deliveries", "state", state);
    }

    /** The dead letters, as soon as there are so many; waits at most 30 s. */
    List<JsonNode> awaitDead(int count) throws Exception {
        Bounded.until(DEAD_SOON, () -> deliveries("dead").size() == count);
        return deliveries("dead");
    }

    /** How many deliveries say of themselves that they may have come twice. */
    long markedDeliveries() throws IOException, InterruptedException {
        return all("deliveries.list", "deliveries").stream()
                .filter(each -> each.path("possibly_repeated").asBoolean())
                .count();
    }

    /** Posts a body as it stands. */
    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Gets a page without a token. */
    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    String url() {
        return url;
    }

    String token() {
        return token;
    }
}
