package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses Telegram's HTML the way the server does, with its complaints. Used once, by one thread. */
final class HtmlText {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("b", "bold"),
            Map.entry("strong", "bold"),
            Map.entry("i", "italic"),
            Map.entry("em", "italic"),
            Map.entry("u", "underline"),
            Map.entry("ins", "underline"),
            Map.entry("s", "strikethrough"),
            Map.entry("strike", "strikethrough"),
            Map.entry("del", "strikethrough"),
            Map.entry("span", "spoiler"),
            Map.entry("tg-spoiler", "spoiler"),
            Map.entry("tg-emoji", "custom_emoji"),
            Map.entry("a", "text_link"),
            Map.entry("code", "code"),
            Map.entry("pre", "pre"),
            Map.entry("blockquote", "blockquote"));
    private static final Map<String, Integer> NAMED =
            Map.of("lt", (int) '<', "gt", (int) '>', "amp", (int) '&', "quot", (int) '"');
    private static final Set<String> ARGUMENTS = Set.of("a href", "tg-emoji emoji-id");

    private final String source;
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode entities = Json.array();
    private final Deque<Tag> open = new ArrayDeque<>();
    private int at;
    /** Where the tag begins that is being read. */
    private int tagAt;

    /** A start tag. The argument is its address, language or emoji; empty if it has none. */
    private record Tag(String name, String argument, int offset) {}

    private HtmlText(String source) {
        this.source = source;
    }

    /** @throws ApiError with the server's words if the tags are wrong */
    static Text parse(String html) {
        return new HtmlText(html).parse();
    }

    private Text parse() {
        while (at < source.length()) {
            if (peek() == '<') {
                tagAt = at++;
                if (peek() == '/') {
                    endTag();
                } else {
                    startTag();
                }
                at++;
            } else {
                character(text);
            }
        }
        if (!open.isEmpty()) {
            throw wrong("Can't find end tag corresponding to start tag \""
                    + open.getLast().name() + '"');
        }
        return new Text(text.toString(), entities).stripped();
    }

    private void startTag() {
        String name = word("");
        if (peek() == 0) {
            throw wrong("Unclosed start tag" + offset());
        }
        if (!TYPES.containsKey(name)) {
            throw wrong("Unsupported start tag \"" + name + '"' + offset());
        }
        String argument = "";
        for (skipSpace(); peek() != '>'; skipSpace()) {
            String attribute = word("=");
            if (attribute.isEmpty()) {
                throw wrong((peek() == 0 ? "Unclosed start tag \"" : "Empty attribute name in the tag \"")
                        + name
                        + '"'
                        + offset());
            }
            skipSpace();
            String value = "";
            if (peek() == '=') {
                at++;
                skipSpace();
                value = value();
            }
            if (peek() == 0) {
                throw wrong("Unclosed start tag \"" + name + '"' + offset());
            }
            argument = argument(name, attribute, value, argument);
        }
        if (name.equals("span") && !argument.equals("tg-spoiler")) {
            throw wrong("Tag \"span\" must have class \"tg-spoiler\"" + offset());
        }
        open.addLast(new Tag(name, argument, text.length()));
    }

    private static String argument(String tag, String attribute, String value, String otherwise) {
        if (ARGUMENTS.contains(tag + ' ' + attribute) || (tag.equals("span") && attribute.equals("class"))) {
            return value;
        }
        if (tag.equals("code") && attribute.equals("class") && value.startsWith("language-")) {
            return value.substring("language-".length());
        }
        return tag.equals("blockquote") && attribute.equals("expandable") ? "expandable" : otherwise;
    }

    private void endTag() {
        Tag tag = open.pollLast();
        if (tag == null) {
            throw wrong("Unexpected end tag" + offset());
        }
        at++;
        String name = word("");
        skipSpace();
        if (peek() != '>') {
            throw wrong("Unclosed end tag" + offset());
        }
        if (!name.isEmpty() && !name.equals(tag.name())) {
            throw wrong(
                    "Unmatched end tag" + offset() + ", expected \"</" + tag.name() + ">\", found \"</" + name + ">\"");
        }
        if (text.length() > tag.offset()) {
            add(tag);
        }
    }

    private void add(Tag tag) {
        ObjectNode entity = Json.object();
        String type = String.valueOf(TYPES.get(tag.name()));
        Tag around = open.peekLast();
        if (tag.name().equals("code")
                && around != null
                && around.name().equals("pre")
                && around.offset() == tag.offset()) {
            // The language stands on the inner tag, the entity is the outer one's.
            open.removeLast();
            open.addLast(new Tag("pre", tag.argument(), around.offset()));
            return;
        }
        entity.put("offset", tag.offset())
                .put("length", text.length() - tag.offset())
                .put("type", type);
        switch (tag.name()) {
            case "a" -> entity.put("url", tag.argument().isEmpty() ? text.substring(tag.offset()) : tag.argument());
            case "tg-emoji" -> entity.put("custom_emoji_id", tag.argument());
            case "pre" -> {
                if (!tag.argument().isEmpty()) {
                    entity.put("language", tag.argument());
                }
            }
            case "blockquote" -> {
                if (!tag.argument().isEmpty()) {
                    entity.put("type", "expandable_blockquote");
                }
            }
            default -> {}
        }
        entities.add(entity);
    }

    /** Letters up to a blank, the tag's end or one of these; in lower case. */
    private String word(String ends) {
        int start = at;
        while (peek() != 0 && !isSpace() && peek() != '>' && ends.indexOf(peek()) < 0) {
            at++;
        }
        return source.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private String value() {
        char quote = peek();
        if (quote != '"' && quote != '\'') {
            int start = at;
            while (Character.isLetterOrDigit(peek()) || peek() == '.' || peek() == '-') {
                at++;
            }
            if (!isSpace() && peek() != '>') {
                throw wrong("Unexpected end of name token at byte offset " + bytes(start));
            }
            return source.substring(start, at).toLowerCase(Locale.ROOT);
        }
        at++;
        var value = new StringBuilder();
        while (peek() != 0 && peek() != quote) {
            character(value);
        }
        if (peek() == quote) {
            at++;
        }
        return value.toString();
    }

    /** Takes one character, or one written as an entity. */
    private void character(StringBuilder into) {
        Integer decoded = peek() == '&' ? entity() : null;
        if (decoded == null) {
            into.append(source.charAt(at++));
        } else {
            into.appendCodePoint(decoded);
        }
    }

    private @Nullable Integer entity() {
        int end = at + 1;
        while (end < source.length() && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '#')) {
            end++;
        }
        Integer code = code(source.substring(at + 1, end));
        if (code != null) {
            at = end < source.length() && source.charAt(end) == ';' ? end + 1 : end;
        }
        return code;
    }

    private static @Nullable Integer code(String name) {
        if (!name.startsWith("#")) {
            return NAMED.get(name);
        }
        try {
            int code = name.startsWith("#x")
                    ? Integer.parseInt(name.substring(2), 16)
                    : Integer.parseInt(name.substring(1));
            return Character.isValidCodePoint(code) && code > 0 ? code : null;
        } catch (NumberFormatException notOne) {
            return null;
        }
    }

    private char peek() {
        return at < source.length() ? source.charAt(at) : 0;
    }

    private boolean isSpace() {
        return " \t\r\n\u000b".indexOf(peek()) >= 0 && peek() != 0;
    }

    private void skipSpace() {
        while (isSpace()) {
            at++;
        }
    }

    private String offset() {
        return " at byte offset " + bytes(tagAt);
    }

    private int bytes(int until) {
        return source.substring(0, until).getBytes(StandardCharsets.UTF_8).length;
    }

    private static ApiError wrong(String what) {
        return ApiError.bad("can't parse entities: " + what);
    }
}
