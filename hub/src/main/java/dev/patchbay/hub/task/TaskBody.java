package dev.patchbay.hub.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.session.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be done, and what came of it, as the store keeps it.
 *
 * @param result empty until it is done
 */
record TaskBody(String text, Target deliver, Optional<Duration> timeout, int retries, Optional<String> result) {
    private static final ObjectMapper JSON = new ObjectMapper();

    TaskBody with(String text) {
        return new TaskBody(this.text, deliver, timeout, retries, Optional.of(text));
    }

    byte[] toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("text", text);
        json.put("deliver", deliver.toString());
        timeout.ifPresent(most -> json.put("timeout_ms", most.toMillis()));
        json.put("retries", retries);
        result.ifPresent(said -> json.put("result", said));
        // By way of a string: half a surrogate pair becomes a question mark there, and an error in Jackson's own UTF-8.
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException if it is none */
    static TaskBody fromJson(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            return new TaskBody(
                    json.path("text").asText(),
                    Target.parse(json.path("deliver").asText()),
                    json.has("timeout_ms")
                            ? Optional.of(
                                    Duration.ofMillis(json.path("timeout_ms").asLong()))
                            : Optional.empty(),
                    json.path("retries").asInt(),
                    json.has("result") ? Optional.of(json.path("result").asText()) : Optional.empty());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("a task's body is no JSON", unreadable);
        }
    }
}
