package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a parameter may be: checks values and describes itself as JSON Schema. */
public sealed interface RpcType {

    /** Text of at most so many characters that is more than blanks. */
    record Text(int charsMax) implements RpcType {}

    /** Text that may be empty. */
    record FreeText(int charsMax) implements RpcType {}

    /** One of a few words. */
    record Word(List<String> words) implements RpcType {
        public Word {
            words = List.copyOf(words);
        }
    }

    /** A whole number within bounds, both included. */
    record Whole(int min, int max) implements RpcType {}

    record Flag() implements RpcType {}

    /** An object with known members. */
    record Struct(List<RpcParameter> members) implements RpcType {
        public Struct {
            members = List.copyOf(members);
        }
    }

    record ListOf(RpcType items, int itemsMax) implements RpcType {}

    /** Any object; whoever takes it checks it. */
    record Tree() implements RpcType {}

    /** Longest text that is no body: names, ids, keys. */
    int NAME_CHARS = 1_024;

    static RpcType name() {
        return new Text(NAME_CHARS);
    }

    static RpcType word(String... words) {
        return new Word(List.of(words));
    }

    static RpcType struct(RpcParameter... members) {
        return new Struct(List.of(members));
    }

    /**
     * Checks a value that is not null.
     *
     * @param place the parameter's name, with members and places below it
     */
    default void check(String place, JsonNode value) throws RpcException {
        switch (this) {
            case Text(int charsMax) -> {
                text(place, value, charsMax);
                if (value.textValue().isBlank()) {
                    throw RpcException.invalid(place, "is blank");
                }
            }
            case FreeText(int charsMax) -> text(place, value, charsMax);
            case Word(var words) -> {
                if (!value.isTextual() || !words.contains(value.textValue())) {
                    throw RpcException.invalid(place, "is none of " + String.join(", ", words));
                }
            }
            case Whole(int min, int max) -> {
                if (!value.isIntegralNumber()
                        || !value.canConvertToInt()
                        || value.intValue() < min
                        || value.intValue() > max) {
                    throw RpcException.invalid(place, "is no whole number from " + min + " to " + max);
                }
            }
            case Flag() -> {
                if (!value.isBoolean()) {
                    throw RpcException.invalid(place, "is neither true nor false");
                }
            }
            case Struct(var members) -> {
                if (!value.isObject()) {
                    throw RpcException.invalid(place, "is no object");
                }
                checkMembers(place + ".", members, value);
            }
            case ListOf(RpcType items, int itemsMax) -> {
                if (!value.isArray() || value.size() > itemsMax) {
                    throw RpcException.invalid(place, "is no list of at most " + itemsMax);
                }
                for (int i = 0; i < value.size(); i++) {
                    items.check(place + "[" + i + "]", value.get(i));
                }
            }
            case Tree() -> {
                if (!value.isObject()) {
                    throw RpcException.invalid(place, "is no object");
                }
            }
        }
    }

    /** Checks the members of an object: known ones only, all required ones. A member that is null counts as not given. */
    static void checkMembers(String prefix, List<RpcParameter> declared, JsonNode object) throws RpcException {
        int known = 0;
        for (RpcParameter each : declared) {
            JsonNode value = object.get(each.name());
            if (value != null) {
                known++;
            }
            if (value != null && !value.isNull()) {
                each.type().check(prefix + each.name(), value);
            } else if (each.required()) {
                throw RpcException.invalid(prefix + each.name(), "is missing");
            }
        }
        if (known < object.size()) {
            List<String> names = declared.stream().map(RpcParameter::name).toList();
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                if (!names.contains(each.getKey())) {
                    throw RpcException.invalid(
                            prefix + RpcReader.shortened(each.getKey()),
                            names.isEmpty() ? "is unknown; there are none" : "is unknown; there are " + names);
                }
            }
        }
    }

    /** The type as JSON Schema. */
    default Map<String, Object> schema() {
        return switch (this) {
            case Text(int charsMax) -> Map.of("type", "string", "minLength", 1, "maxLength", charsMax);
            case FreeText(int charsMax) -> Map.of("type", "string", "maxLength", charsMax);
            case Word(var words) -> Map.of("type", "string", "enum", words);
            case Whole(int min, int max) -> Map.of("type", "integer", "minimum", min, "maximum", max);
            case Flag() -> Map.of("type", "boolean");
            case ListOf(RpcType items, int itemsMax) ->
                Map.of("type", "array", "items", items.schema(), "maxItems", itemsMax);
            case Tree() -> Map.of("type", "object");
            case Struct(var members) -> {
                var properties = new LinkedHashMap<String, Object>();
                var required = new ArrayList<String>();
                for (RpcParameter each : members) {
                    var property = new LinkedHashMap<>(each.type().schema());
                    property.put("description", each.description());
                    properties.put(each.name(), property);
                    if (each.required()) {
                        required.add(each.name());
                    }
                }
                yield Map.of(
                        "type",
                        "object",
                        "properties",
                        properties,
                        "required",
                        required,
                        "additionalProperties",
                        false);
            }
        };
    }

    private static void text(String place, JsonNode value, int charsMax) throws RpcException {
        if (!value.isTextual()) {
            throw RpcException.invalid(place, "is no text");
        }
        if (value.textValue().length() > charsMax) {
            throw RpcException.invalid(place, "is longer than " + charsMax + " characters");
        }
    }
}
