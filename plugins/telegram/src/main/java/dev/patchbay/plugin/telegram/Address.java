package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides whether a message means the bot, and takes the bot's name out of it. For one message. */
final class Address {
    private static final Pattern COMMAND = Pattern.compile("^/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{1,64}))?(?=\\s|$)");

    private final BotName bot;
    private String text;
    private boolean isMeant;

    /**
     * Reads a text.
     *
     * @param entities Telegram's marks on it, offsets in UTF-16 units
     */
    Address(BotName bot, String text, JsonNode entities) {
        this.bot = bot;
        this.text = text;
        Matcher command = COMMAND.matcher(text);
        if (command.find()) {
            String other = command.group(2);
            isMeant = other == null || bot.isCalled(other);
            if (other != null && isMeant) {
                this.text = text.substring(0, command.start(2) - 1) + text.substring(command.end(2));
            }
            return;
        }
        if (entities.isArray()) {
            mentions(entities);
        } else {
            plainMention();
        }
    }

    /** The text without the bot's name; as it was if nothing else is in it. */
    String text() {
        return text;
    }

    boolean isMeant() {
        return isMeant;
    }

    private void mentions(JsonNode entities) {
        // From the end, so that the offsets before stay true.
        for (int i = entities.size() - 1; i >= 0; i--) {
            JsonNode entity = entities.get(i);
            int start = entity.path("offset").asInt(-1);
            int end = start + entity.path("length").asInt(-1);
            if (start < 0 || end <= start || end > text.length()) {
                continue;
            }
            String type = entity.path("type").asText();
            String said = text.substring(start, end);
            boolean isName = type.equals("mention") && said.startsWith("@") && bot.isCalled(said.substring(1));
            if (isName
                    || (type.equals("text_mention")
                            && entity.path("user").path("id").asLong() == bot.id())) {
                cut(start, end);
            }
        }
    }

    /** For servers that mark nothing. */
    private void plainMention() {
        if (bot.name().isEmpty()) {
            return;
        }
        @Nullable
        Matcher name = Pattern.compile("(?<![\\w@])@" + Pattern.quote(bot.name()) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                .matcher(text);
        if (name.find()) {
            cut(name.start(), name.end());
        }
    }

    private void cut(int start, int end) {
        isMeant = true;
        String before = text.substring(0, start);
        String after = text.substring(end);
        if (before.isBlank()) {
            after = after.replaceFirst("^[,:]?\\s+", "");
        } else if (Character.isWhitespace(before.charAt(before.length() - 1))
                && (after.isEmpty() || Character.isWhitespace(after.charAt(0)))) {
            before = before.substring(0, before.length() - 1);
        }
        String rest = before + after;
        if (!rest.isBlank()) {
            text = before.isBlank() ? after : rest;
        }
    }
}
