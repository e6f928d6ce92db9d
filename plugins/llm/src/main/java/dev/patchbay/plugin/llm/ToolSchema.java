package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns the schema of a tool's arguments, as its server says it, into what the library takes: each property as it is. */
final class ToolSchema {
    private ToolSchema() {}

    static JsonObjectSchema of(@Nullable Map<String, Object> schema, JsonMapper json) {
        Map<?, ?> said = schema == null ? Map.of() : schema;
        var object = JsonObjectSchema.builder().addProperties(elements(said.get("properties"), json));
        if (said.get("required") instanceof List<?> required) {
            object.required(required.stream().map(Objects::toString).toList());
        }
        if (said.get("additionalProperties") instanceof Boolean more) {
            object.additionalProperties(more);
        }
        Map<String, JsonSchemaElement> shared = new LinkedHashMap<>(elements(said.get("$defs"), json));
        if (!shared.isEmpty()) {
            object.definitions(shared);
        }
        return object.build();
    }

    private static Map<String, JsonSchemaElement> elements(@Nullable Object properties, JsonMapper json) {
        var elements = new LinkedHashMap<String, JsonSchemaElement>();
        if (properties instanceof Map<?, ?> map) {
            map.forEach((name, schema) -> elements.put(
                    Objects.toString(name),
                    JsonRawSchema.from(schema instanceof Map<?, ?> one ? text(one, json) : "{}")));
        }
        return elements;
    }

    private static String text(Map<?, ?> schema, JsonMapper json) {
        try {
            return json.writeValueAsString(schema);
        } catch (JsonProcessingException cannotHappen) {
            throw new IllegalStateException(cannotHappen);
        }
    }
}
