package dev.patchbay.fakes.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.http.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * What the server was asked.
 *
 * @param dialect by whose rules
 * @param key what was shown as the key, empty if nothing was
 * @param body as it came
 */
public record Asked(Dialect dialect, String key, JsonNode body, Request request) {

    static Asked of(Dialect dialect, Request request) {
        String bearer = request.headers().value("authorization").orElse("");
        String key = bearer.startsWith("Bearer ")
                ? bearer.substring("Bearer ".length())
                : request.headers().value("x-api-key").orElse("");
        return new Asked(dialect, key, Json.read(request.body().text()), request);
    }

    public String model() {
        return body.path("model").asText();
    }

    public boolean isStreamed() {
        return body.path("stream").asBoolean(dialect == Dialect.OLLAMA);
    }

    /** The system prompt, empty if there is none. */
    public String system() {
        if (dialect == Dialect.ANTHROPIC) {
            return text(body.path("system"));
        }
        JsonNode first = body.path("messages").path(0);
        return first.path("role").asText().equals("system") ? text(first.path("content")) : "";
    }

    /** Every message, as {@code role: text}. */
    public List<String> messages() {
        var messages = new ArrayList<String>();
        body.path("messages")
                .forEach(each -> messages.add(each.path("role").asText() + ": " + text(each.path("content"))));
        return messages;
    }

    /** What the user has said last. */
    public String lastUser() {
        String last = "";
        for (JsonNode each : body.path("messages")) {
            String text = text(each.path("content"));
            if (each.path("role").asText().equals("user") && !text.isEmpty()) {
                last = text;
            }
        }
        return last;
    }

    /** What a tool has answered last, empty if the last message is no such answer. */
    public String lastToolResult() {
        JsonNode messages = body.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asText().equals("tool")) {
            return text(last.path("content"));
        }
        String result = "";
        for (JsonNode part : last.path("content")) {
            if (part.path("type").asText().equals("tool_result")) {
                result = text(part.path("content"));
            }
        }
        return result;
    }

    /** The names of the tools that it may call. */
    public List<String> tools() {
        var names = new ArrayList<String>();
        body.path("tools")
                .forEach(each -> names.add(each.path("name")
                        .asText(each.path("function").path("name").asText())));
        return names;
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        var text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }
}
