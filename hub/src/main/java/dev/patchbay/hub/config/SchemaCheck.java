package dev.patchbay.hub.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Settings;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * One check of one section against a schema. Values are texts, lists and maps. Blank text counts as absent, as it does for those
 * who read settings; a single value may stand for a list of one.
 */
final class SchemaCheck {
    private static final int DEPTH_MAX = 64;
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?");

    private final JsonNode root;
    private final Places places;

    /** Keys beside the plugin's own in its section: the hub takes them itself. */
    private final Set<String> hubKeys;

    private final String top;
    private final List<Problem> problems = new ArrayList<>();

    SchemaCheck(JsonNode root, String section, Places places) {
        this.root = root;
        this.top = section;
        this.places = places;
        this.hubKeys = Keys.names(Keys.pathOf(section));
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    void section(String key, Map<String, Object> section, JsonNode schema) {
        value(key, section, schema, true, 0);
    }

    private void value(String key, Object value, JsonNode schema, boolean isWhole, int depth) {
        if (isBlank(value) || depth > DEPTH_MAX) {
            return;
        }
        if (schema.isBoolean()) {
            if (!schema.booleanValue()) {
                wrong(key, "not allowed here", "remove it");
            }
            return;
        }
        if (schema.has("$ref")) {
            value(key, value, PluginSchema.target(root, schema.path("$ref").asText(), key), isWhole, depth + 1);
        }
        schema.path("allOf").forEach(each -> value(key, value, each, false, depth + 1));
        alternatives(key, value, schema, depth);
        List<String> types = texts(schema.path("type"));
        if (!types.isEmpty() && types.stream().noneMatch(type -> isOf(type, value))) {
            wrongType(key, value, types, schema);
            return;
        }
        switch (value) {
            case Map<?, ?> section -> keys(key, section, schema, isWhole, depth);
            case List<?> list -> items(key, list, schema, depth);
            default -> {
                if (types.contains("array") && !types.contains("string")) {
                    items(key, List.of(value), schema, depth);
                } else {
                    text(key, value.toString(), schema);
                }
            }
        }
    }

    private void keys(String key, Map<?, ?> section, JsonNode schema, boolean isWhole, int depth) {
        JsonNode properties = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        var known = new LinkedHashSet<String>();
        properties.fieldNames().forEachRemaining(known::add);
        boolean isClosed = others.isMissingNode() && isWhole && schema.has("properties");
        section.forEach((name, value) -> {
            String below = Places.join(key, name.toString());
            if (known.contains(name.toString())) {
                value(below, value, properties.path(name.toString()), true, depth + 1);
            } else if (isClosed || (others.isBoolean() && !others.booleanValue())) {
                wrong(below, "unknown key", cure(key, name.toString(), known));
            } else if (others.isObject()) {
                value(below, value, others, true, depth + 1);
            }
        });
        for (String name : texts(schema.path("required"))) {
            Object value = section.get(name);
            if (value == null || isBlank(value)) {
                wrong(key, name + " is missing", "write " + name + ": VALUE");
            }
        }
    }

    private String cure(String key, String name, Set<String> known) {
        var all = new LinkedHashSet<>(known);
        if (key.equals(top)) {
            all.addAll(hubKeys);
        }
        return Nearest.cure(name, all);
    }

    private void items(String key, List<?> list, JsonNode schema, int depth) {
        if (list.size() < schema.path("minItems").asInt(0)) {
            wrong(
                    key,
                    "too few entries",
                    "list at least " + schema.path("minItems").asInt());
        }
        if (list.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            wrong(
                    key,
                    "too many entries",
                    "list at most " + schema.path("maxItems").asInt());
        }
        if (schema.has("items")) {
            for (int position = 0; position < list.size(); position++) {
                value(key + "." + position, list.get(position), schema.path("items"), true, depth + 1);
            }
        }
    }

    private void text(String key, String text, JsonNode schema) {
        List<String> words = texts(schema.path("enum"));
        if (!words.isEmpty() && !words.contains(text)) {
            wrong(key, shown(key, text, schema) + " is not known", Nearest.cure(text, words));
        }
        if (schema.has("const") && !schema.path("const").asText().equals(text)) {
            wrong(
                    key,
                    shown(key, text, schema) + " is not allowed",
                    "write " + schema.path("const").asText());
        }
        if (text.length() < schema.path("minLength").asInt(0)) {
            wrong(key, "too short", "write at least " + schema.path("minLength").asInt() + " characters");
        }
        if (text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
            wrong(key, "too long", "write at most " + schema.path("maxLength").asInt() + " characters");
        }
        String pattern = schema.path("pattern").asText("");
        if (!pattern.isEmpty() && !Pattern.compile(pattern).matcher(text).find()) {
            wrong(
                    key,
                    shown(key, text, schema) + " does not look right",
                    hint(schema, "write what matches " + pattern));
        }
        if (NUMBER.matcher(text).matches()) {
            range(key, text, schema);
        }
        format(key, text, schema);
    }

    private void range(String key, String text, JsonNode schema) {
        BigDecimal number = new BigDecimal(text);
        JsonNode min = schema.path("minimum");
        JsonNode max = schema.path("maximum");
        if ((min.isNumber() && number.compareTo(min.decimalValue()) < 0)
                || (max.isNumber() && number.compareTo(max.decimalValue()) > 0)) {
            String bounds = !max.isNumber()
                    ? "at least " + min.asText()
                    : !min.isNumber() ? "at most " + max.asText() : min.asText() + " to " + max.asText();
            wrong(key, shown(key, text, schema) + " is out of range", "write " + bounds);
        }
    }

    private void format(String key, String text, JsonNode schema) {
        switch (schema.path("format").asText("")) {
            case "duration" -> {
                if (Settings.parseDuration(text).isEmpty()) {
                    wrong(key, shown(key, text, schema) + " is no duration with a unit", "write for instance 30s");
                }
            }
            case "size" -> {
                if (Settings.parseBytes(text).isEmpty()) {
                    wrong(key, shown(key, text, schema) + " is no size with a unit", "write for instance 10MB");
                }
            }
            case "uri" -> {
                if (!isAddress(text)) {
                    wrong(
                            key,
                            shown(key, text, schema) + " is no address",
                            "write for instance https://example.org/path");
                }
            }
            default -> {}
        }
    }

    private void alternatives(String key, Object value, JsonNode schema, int depth) {
        for (String word : List.of("anyOf", "oneOf")) {
            if (!schema.has(word)) {
                continue;
            }
            long fitting = StreamSupport.stream(schema.path(word).spliterator(), false)
                    .filter(each -> fits(key, value, each, depth))
                    .count();
            if (fitting == 0 || (word.equals("oneOf") && fitting > 1)) {
                wrong(
                        key,
                        "fits none of the forms that are allowed here",
                        hint(schema, "see the plugin's documentation"));
            }
        }
    }

    private boolean fits(String key, Object value, JsonNode schema, int depth) {
        var trial = new SchemaCheck(root, top, places);
        trial.value(key, value, schema, false, depth + 1);
        return trial.problems.isEmpty();
    }

    private static boolean isBlank(Object value) {
        return value instanceof String text && text.isBlank();
    }

    private static boolean isOf(String type, Object value) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> !(value instanceof Map);
            case "boolean" -> value.equals("true") || value.equals("false");
            case "integer" -> value instanceof String text && text.matches("-?\\d{1,18}");
            case "number" ->
                value instanceof String text && NUMBER.matcher(text).matches();
            default -> value instanceof String;
        };
    }

    private void wrongType(String key, Object value, List<String> types, JsonNode schema) {
        String what = value instanceof String text ? shown(key, text, schema) + " is not " : "takes ";
        wrong(
                key,
                what
                        + switch (types.getFirst()) {
                            case "object" -> "a section with keys";
                            case "array" -> "a list";
                            case "boolean" -> "true or false";
                            case "integer" -> "a whole number";
                            case "number" -> "a number";
                            default -> "a single value";
                        },
                hint(schema, "see the plugin's documentation"));
    }

    private static String hint(JsonNode schema, String otherwise) {
        return schema.path("description").asText(otherwise);
    }

    private String shown(String key, String text, JsonNode schema) {
        return schema.path("writeOnly").asBoolean(false) ? "the value" : places.quoted(key, text);
    }

    private void wrong(String key, String message, String cure) {
        problems.add(places.error(key, message, cure));
    }

    private static List<String> texts(JsonNode node) {
        if (node.isTextual()) {
            return List.of(node.asText());
        }
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException wrong) {
            return false;
        }
    }
}
