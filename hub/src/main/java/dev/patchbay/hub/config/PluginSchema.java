package dev.patchbay.hub.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * The JSON Schema of a plugin's settings, ready to check sections of the configuration. Immutable, for any thread.
 *
 * <p>A validator of our own for the part of draft 2020-12 that settings need: the general one costs more start-up time than the
 * rest of the configuration together, knows neither our durations and sizes nor that every value here is still text, and cannot
 * name the line or the key that was probably meant. What this one does not understand is refused when the plugin is loaded,
 * never skipped.
 *
 * <p>Two rules beyond the standard: a section whose {@code properties} are listed takes no others unless {@code
 * additionalProperties} says so, and {@code format} may be {@code duration}, {@code size} or {@code uri}, which are checked.
 */
public final class PluginSchema {
    private static final int DEPTH_MAX = 32;

    private static final Set<String> CHECKED = Set.of(
            "type",
            "properties",
            "additionalProperties",
            "required",
            "enum",
            "const",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "items",
            "minItems",
            "maxItems",
            "format",
            "anyOf",
            "oneOf",
            "allOf",
            "$ref",
            "$defs");

    /** Say something to readers and forms, nothing about values. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "writeOnly");

    private static final Set<String> TYPES = Set.of("string", "integer", "number", "boolean", "array", "object");

    private final JsonNode root;

    private PluginSchema(JsonNode root) {
        this.root = root;
    }

    /**
     * @throws IllegalArgumentException if this is not JSON or uses words that are not understood; the message says which
     */
    public static PluginSchema of(String json) {
        try {
            JsonNode root = new ObjectMapper().readTree(json);
            inspect(root, root, "#", 0);
            return new PluginSchema(root);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException("the settings schema is not JSON: " + wrong.getOriginalMessage(), wrong);
        }
    }

    /** Whether the plugin names this key itself. */
    public boolean names(String key) {
        return root.path("properties").has(key);
    }

    /** This schema with keys that the hub itself takes beside the plugin's; of the same name, the hub's counts. */
    public PluginSchema with(PluginSchema hubKeys) {
        ObjectNode both = root.isObject() ? root.deepCopy() : JsonNodeFactory.instance.objectNode();
        if (!root.has("properties") && !root.has("additionalProperties")) {
            // Listing some must not close a section that takes anything.
            both.put("additionalProperties", !root.isBoolean() || root.booleanValue());
        }
        both.withObjectProperty("properties").setAll((ObjectNode) hubKeys.root.path("properties"));
        return new PluginSchema(both);
    }

    /**
     * Everything in a section that does not fit.
     *
     * @param section the section's key, for instance {@code channels.webhook.accounts.default}
     */
    public List<Problem> check(Settings settings, String section, Places places) {
        var check = new SchemaCheck(root, section, places);
        check.section(section, settings.asMap(), root);
        return check.problems();
    }

    private static void inspect(JsonNode schema, JsonNode root, String at, int depth) {
        if (schema.isBoolean()) {
            return;
        }
        if (!schema.isObject() || depth > DEPTH_MAX) {
            throw refused(at, depth > DEPTH_MAX ? "it is nested too deeply" : "a schema is an object");
        }
        for (Map.Entry<String, JsonNode> word : schema.properties()) {
            String here = at + "/" + word.getKey();
            JsonNode value = word.getValue();
            if (ANNOTATIONS.contains(word.getKey())) {
                continue;
            }
            if (!CHECKED.contains(word.getKey())) {
                throw refused(here, "this word is not supported");
            }
            switch (word.getKey()) {
                case "properties", "$defs" ->
                    value.properties()
                            .forEach(each -> inspect(each.getValue(), root, here + "/" + each.getKey(), depth + 1));
                case "items", "additionalProperties" -> inspect(value, root, here, depth + 1);
                case "anyOf", "oneOf", "allOf" -> value.forEach(each -> inspect(each, root, here, depth + 1));
                case "type" -> inspectTypes(value, here);
                case "pattern" -> inspectPattern(value.asText(), here);
                case "$ref" -> target(root, value.asText(), here);
                default -> {}
            }
        }
    }

    private static void inspectTypes(JsonNode value, String at) {
        for (JsonNode type : value.isArray() ? value : List.of(value)) {
            if (!TYPES.contains(type.asText())) {
                throw refused(at, "there is no type " + type);
            }
        }
    }

    private static void inspectPattern(String pattern, String at) {
        try {
            java.util.regex.Pattern.compile(pattern);
        } catch (PatternSyntaxException wrong) {
            throw refused(at, "this is no regular expression");
        }
    }

    static JsonNode target(JsonNode root, String ref, String at) {
        JsonNode target = ref.startsWith("#/$defs/") ? root.at(ref.substring(1)) : root.path("");
        if (target.isMissingNode()) {
            throw refused(at, "only #/$defs/NAME can be referred to, and it must exist");
        }
        return target;
    }

    private static IllegalArgumentException refused(String at, String why) {
        return new IllegalArgumentException("the settings schema cannot be used: " + at + ": " + why);
    }
}
