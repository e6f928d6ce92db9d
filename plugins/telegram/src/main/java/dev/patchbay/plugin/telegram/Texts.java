package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Button;
import java.time.Duration;
import java.util.List;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageText;

/** Sends and changes messages of text. Safe for many threads. */
final class Texts {
    static final int TEXT_MAX = 4_096;
    static final String HTML = "HTML";

    /** Below the hub's own bound on an attempt, so that the reason is ours. */
    static final Duration CALL_MAX = Duration.ofSeconds(25);

    private final BotApi api;
    private final boolean markdown;

    /** One try with a text as it is to be shown. */
    private interface Try {
        String with(Markdown text) throws ApiTrouble, InterruptedException;
    }

    Texts(BotApi api, boolean markdown) {
        this.api = api;
        this.markdown = markdown;
    }

    /** As it is to be shown. */
    Markdown shown(String text, int max) {
        return markdown ? Markdown.render(text, max) : Markdown.plain(text);
    }

    /** Sends a text; what the server cannot parse goes out plain, at once. */
    String send(Target to, String text, List<Button> buttons) throws ApiTrouble, InterruptedException {
        return orPlain(text, shown(text, TEXT_MAX), shown -> sendAs(to, shown, buttons));
    }

    /** Sends a text that is as it is to be shown. */
    String sendAs(Target to, Markdown shown, List<Button> buttons) throws ApiTrouble, InterruptedException {
        return remoteId(
                to,
                api.call(
                        SendMessage.builder()
                                .chatId(to.chat())
                                .messageThreadId(to.thread())
                                .text(shown.text())
                                .parseMode(shown.isHtml() ? HTML : null)
                                .replyParameters(to.reply())
                                .replyMarkup(Keyboard.of(buttons))
                                .build(),
                        CALL_MAX));
    }

    /** Puts a text into the place of a draft; a draft that is gone is not missed, the text is sent anew. */
    String replace(Target to, int messageId, String text, List<Button> buttons)
            throws ApiTrouble, InterruptedException {
        String id = to.chat() + ":" + messageId;
        try {
            return orPlain(text, shown(text, TEXT_MAX), shown -> edit(to, messageId, shown, buttons));
        } catch (ApiTrouble trouble) {
            if (trouble.says("message is not modified")) {
                return id;
            }
            if (trouble.says("message to edit not found")
                    || trouble.says("message can't be edited")
                    || trouble.says("MESSAGE_ID_INVALID")) {
                return send(to, text, buttons);
            }
            if (trouble.kind() == ApiTrouble.Kind.CUT) {
                // The same change once more harms nobody, so there is no doubt to report.
                throw ApiTrouble.unreached(String.valueOf(trouble.getMessage()));
            }
            throw trouble;
        }
    }

    /** Shows a draft for the first time; never formatted, since half of a text is half of its Markdown, too. */
    String draft(Target to, String text) throws ApiTrouble, InterruptedException {
        return sendAs(to, Markdown.plain(text), List.of());
    }

    String redraft(Target to, int messageId, String text) throws ApiTrouble, InterruptedException {
        return edit(to, messageId, Markdown.plain(text), List.of());
    }

    private static String orPlain(String text, Markdown shown, Try attempt) throws ApiTrouble, InterruptedException {
        try {
            return attempt.with(shown);
        } catch (ApiTrouble trouble) {
            if (shown.isHtml() && (trouble.says("can't parse entities") || trouble.says("is too long"))) {
                return attempt.with(Markdown.plain(text));
            }
            throw trouble;
        }
    }

    static String remoteId(Target to, JsonNode message) {
        return message.path("chat").path("id").asText(to.chat()) + ":"
                + message.path("message_id").asText();
    }

    private String edit(Target to, int messageId, Markdown shown, List<Button> buttons)
            throws ApiTrouble, InterruptedException {
        api.call(
                EditMessageText.builder()
                        .chatId(to.chat())
                        .messageId(messageId)
                        .text(shown.text())
                        .parseMode(shown.isHtml() ? HTML : null)
                        .replyMarkup(Keyboard.of(buttons))
                        .build(),
                CALL_MAX);
        return to.chat() + ":" + messageId;
    }
}
