package dev.patchbay.hub.command.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URLConnection;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a hub, one question after the other, over {@code POST /rpc}. One thread. */
public final class RpcClient implements AutoCloseable {
    /** A longer answer is not read. */
    private static final long ANSWER_BYTES_MAX = 64L << 20;

    /** For most questions. */
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private static final JsonMapper JSON = new JsonMapper();

    private final HubAddress address;
    private final HttpClient http;
    private long lastId;

    public RpcClient(HubAddress address) {
        this.address = address;
        this.http = HttpClients.to(address);
    }

    /** An empty set of parameters. */
    public static ObjectNode params() {
        return JSON.createObjectNode();
    }

    public HubAddress address() {
        return address;
    }

    /** Asks and waits for at most a minute. */
    public JsonNode call(String method, ObjectNode params) throws RpcFailure, HubNotReached, InterruptedException {
        return call(method, params, ANSWER_TIMEOUT);
    }

    /**
     * Asks and waits.
     *
     * @return the result
     * @throws RpcFailure if the hub's answer is an error
     * @throws HubNotReached if there is none; whether the hub has done what was asked is unknown
     */
    public JsonNode call(String method, ObjectNode params, Duration wait)
            throws RpcFailure, HubNotReached, InterruptedException {
        lastId++;
        byte[] body = bytes(JSON.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", lastId)
                .put("method", method)
                .set("params", params));
        var request = HttpRequest.newBuilder(address.rpc())
                .timeout(wait)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        address.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            return result(
                    http.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX)));
        } catch (IOException trouble) {
            throw HubNotReached.of(address, trouble);
        }
    }

    /**
     * Hands the hub a file.
     *
     * @return what a message says of it
     * @throws FileNotFoundException if the file cannot be read
     */
    public ObjectNode upload(Path file) throws FileNotFoundException, RpcFailure, HubNotReached, InterruptedException {
        String name = String.valueOf(file.getFileName());
        String type = URLConnection.guessContentTypeFromName(name);
        var request = HttpRequest.newBuilder(address.base()
                        .resolve("attachments?name="
                                + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                        .replace("+", "%20")))
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", type == null ? "application/octet-stream" : type)
                .POST(HttpRequest.BodyPublishers.ofFile(file));
        address.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        try {
            HttpResponse<byte[]> response =
                    http.send(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
            JsonNode answer = parsed(response);
            if (response.statusCode() != 201) {
                throw RpcFailure.of(
                        response.statusCode(), answer.path("error").asText("the hub did not take the file"));
            }
            ObjectNode named = params().put("url", answer.path("url").asText()).put("name", name);
            return type == null ? named : named.put("media_type", type);
        } catch (IOException trouble) {
            throw HubNotReached.of(address, trouble);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private JsonNode result(HttpResponse<byte[]> response) throws RpcFailure, HubNotReached {
        JsonNode answer = parsed(response);
        if (answer.path("error").isObject()) {
            throw RpcFailure.of(answer.path("error"));
        }
        if (answer.path("id").asLong() != lastId || !answer.has("result")) {
            throw new HubNotReached("what answers at " + address + " is no Patchbay: HTTP " + response.statusCode());
        }
        return answer.path("result");
    }

    private JsonNode parsed(HttpResponse<byte[]> response) throws HubNotReached {
        try {
            return JSON.readTree(response.body());
        } catch (IOException notJson) {
            throw new HubNotReached(
                    "what answers at " + address + " is no Patchbay: HTTP " + response.statusCode(), notJson);
        }
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
