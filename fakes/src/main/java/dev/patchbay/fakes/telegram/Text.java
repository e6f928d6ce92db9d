package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text as it is shown, with what is marked in it.
 *
 * @param entities Telegram's MessageEntity objects; offsets and lengths in UTF-16 units
 */
record Text(String plain, ArrayNode entities) {
    private static final Pattern FOUND =
            Pattern.compile("(?<![\\w/@])(?:(?<mention>@\\w{3,32})|(?<command>/\\w{1,32}(?:@\\w{3,32})?))\\b");

    /**
     * What a bot sends.
     *
     * @throws ApiError if the mode is unknown or the text is wrong in it
     */
    static Text of(String source, String parseMode, JsonNode entities) {
        return switch (parseMode) {
            case "" -> new Text(source, entities instanceof ArrayNode given ? given : Json.array()).stripped();
            case "html", "HTML" -> HtmlText.parse(source);
            default -> throw ApiError.bad("unsupported parse_mode");
        };
    }

    /** What a person types: mentions and commands are found by the server. */
    static Text typed(String source) {
        ArrayNode entities = Json.array();
        Matcher found = FOUND.matcher(source);
        while (found.find()) {
            entities.addObject()
                    .put("offset", found.start())
                    .put("length", found.end() - found.start())
                    .put("type", found.group("mention") == null ? "bot_command" : "mention");
        }
        return new Text(source, entities);
    }

    /** Without the blanks at both ends, which the server takes away. */
    Text stripped() {
        String stripped = plain.strip();
        if (stripped.length() == plain.length()) {
            return this;
        }
        int cut = plain.length() - plain.stripLeading().length();
        ArrayNode moved = Json.array();
        for (JsonNode each : entities) {
            int start = Math.max(each.path("offset").asInt() - cut, 0);
            int end = Math.min(each.path("offset").asInt() + each.path("length").asInt() - cut, stripped.length());
            if (end > start && each.deepCopy() instanceof ObjectNode entity) {
                moved.add(entity.put("offset", start).put("length", end - start));
            }
        }
        return new Text(stripped, moved);
    }

    /** Writes text and entities under the names they have in a message. */
    void write(ObjectNode message, boolean asCaption) {
        String name = asCaption ? "caption" : "text";
        String marks = asCaption ? "caption_entities" : "entities";
        message.remove(name);
        message.remove(marks);
        if (!plain.isEmpty()) {
            message.put(name, plain);
        }
        if (!entities.isEmpty()) {
            message.set(marks, entities);
        }
    }
}
