package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** What a server says is wrong, as one short line. */
final class ErrorText {
    private static final int LENGTH_MAX = 200;

    private ErrorText() {}

    static String of(String body, JsonMapper json) {
        try {
            return of(json.readTree(body));
        } catch (JsonProcessingException noJson) {
            // A page of some proxy tells an operator nothing.
            return body.contains("<") ? "" : line(body);
        }
    }

    static String of(JsonNode said) {
        JsonNode error = said.path("error");
        for (JsonNode each : new JsonNode[] {error.path("message"), error, said.path("message"), said.path("detail")}) {
            if (each.isTextual() && !each.asText().isBlank()) {
                return line(each.asText());
            }
        }
        return "";
    }

    private static String line(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LENGTH_MAX ? line : line.substring(0, LENGTH_MAX) + "…";
    }
}
