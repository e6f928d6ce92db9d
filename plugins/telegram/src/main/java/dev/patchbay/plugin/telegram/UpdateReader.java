package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reaction;
import dev.patchbay.api.Sender;
import dev.patchbay.plugin.telegram.Incoming.Acknowledge;
import dev.patchbay.plugin.telegram.Incoming.Nothing;
import dev.patchbay.plugin.telegram.Incoming.Reacted;
import dev.patchbay.plugin.telegram.Incoming.Said;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads updates. It looks at the JSON and not at the library's objects: those fail as a whole over one field that is newer than
 * they are, and a message would be lost over it. Pure; never throws over what it is given.
 */
final class UpdateReader {
    /** The kinds of updates that are read, by the names that Telegram is asked for them. */
    static final List<String> KINDS = List.of(
            "message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "message_reaction");

    private UpdateReader() {}

    static Incoming read(JsonNode update, BotName bot) {
        for (String kind : KINDS) {
            JsonNode body = update.path(kind);
            if (body.isObject()) {
                return switch (kind) {
                    case "callback_query" -> press(body);
                    case "message_reaction" -> reactions(body);
                    default -> message(body, kind.startsWith("edited_"), bot);
                };
            }
        }
        return new Nothing("of a kind that is not known here", null);
    }

    private static Incoming message(JsonNode message, boolean isEdit, BotName bot) {
        Peer peer = peer(message.path("chat"));
        int messageId = message.path("message_id").asInt();
        if (peer == null || messageId <= 0) {
            return new Nothing("without a chat or an id", null);
        }
        JsonNode from = message.path("from");
        if (from.path("id").asLong() == bot.id()) {
            return new Nothing("of the bot itself", null);
        }
        if (isEdit && message.has("location")) {
            return new Nothing("a place that moves", null);
        }
        Content content = Content.of(message);
        if (content == null) {
            return new Nothing("a message without content", null);
        }
        String spoken = message.has("text")
                ? message.path("text").asText()
                : message.path("caption").asText("");
        var address = new Address(
                bot, spoken, message.has("text") ? message.path("entities") : message.path("caption_entities"));
        JsonNode answered = message.path("reply_to_message");
        // In a topic every message "answers" the one that opened the topic.
        boolean isAnswer = answered.path("message_id").asInt() > 0 && !answered.has("forum_topic_created");
        boolean isMeant = peer.kind() == Peer.Kind.DIRECT
                || address.isMeant()
                || (isAnswer && answered.path("from").path("id").asLong() == bot.id());
        String chat = peer.id();
        String id = chat + ":" + messageId;
        String text = content.text().isEmpty()
                ? address.text()
                : spoken.isBlank() ? content.text() : address.text() + "\n" + content.text();
        InboundMessage said = InboundMessage.from(peer, text)
                .remoteId(isEdit ? id + ":e" + message.path("edit_date").asLong() : id)
                .edits(isEdit ? id : null)
                .threadId(thread(message))
                .sender(sender(message))
                .attach(content.attachments())
                .replyTo(isAnswer ? chat + ":" + answered.path("message_id").asInt() : null)
                .addressed(isMeant)
                .sentAt(time(message.path("date").asLong()))
                .build();
        String album = isEdit ? null : message.path("media_group_id").asText(null);
        return new Said(
                said,
                content.files(),
                album == null ? null : chat + ":" + album,
                isEdit ? null : new Acknowledge.Message(chat, messageId));
    }

    private static Incoming press(JsonNode press) {
        String callback = press.path("id").asText("");
        var acknowledge = callback.isEmpty() ? null : new Acknowledge.Press(callback);
        JsonNode message = press.path("message");
        Peer peer = peer(message.path("chat"));
        String data = press.path("data").asText("");
        if (peer == null || acknowledge == null || data.isBlank()) {
            return new Nothing("a button of somebody else's", acknowledge);
        }
        InboundMessage said = InboundMessage.from(peer, data)
                .remoteId("cb:" + callback)
                .threadId(thread(message))
                .sender(person(press.path("from")))
                .replyTo(
                        message.path("message_id").asInt() > 0
                                ? peer.id() + ":" + message.path("message_id").asInt()
                                : null)
                .build();
        return new Said(said, List.of(), null, acknowledge);
    }

    private static Incoming reactions(JsonNode change) {
        Peer peer = peer(change.path("chat"));
        int messageId = change.path("message_id").asInt();
        if (peer == null || messageId <= 0) {
            return new Nothing("without a chat or an id", null);
        }
        Sender sender = change.has("user") ? person(change.path("user")) : chat(change.path("actor_chat"));
        Set<String> before = emoji(change.path("old_reaction"));
        Set<String> now = emoji(change.path("new_reaction"));
        var reactions = new ArrayList<Reaction>();
        String id = peer.id() + ":" + messageId;
        before.stream()
                .filter(emoji -> !now.contains(emoji))
                .forEach(emoji -> reactions.add(new Reaction(peer, null, sender, id, emoji, false)));
        now.stream()
                .filter(emoji -> !before.contains(emoji))
                .forEach(emoji -> reactions.add(new Reaction(peer, null, sender, id, emoji, true)));
        return new Reacted(List.copyOf(reactions));
    }

    private static Set<String> emoji(JsonNode reactions) {
        var all = new LinkedHashSet<String>();
        for (JsonNode each : reactions) {
            String name =
                    switch (each.path("type").asText()) {
                        case "emoji" -> each.path("emoji").asText();
                        case "custom_emoji" -> each.path("custom_emoji_id").asText();
                        default -> each.path("type").asText();
                    };
            if (!name.isBlank()) {
                all.add(name);
            }
        }
        return all;
    }

    private static @Nullable Peer peer(JsonNode chat) {
        String id = chat.path("id").asText("");
        if (!id.matches("-?\\d{1,19}")) {
            return null;
        }
        return switch (chat.path("type").asText()) {
            case "private" -> Peer.direct(id);
            case "group", "supergroup" -> new Peer(Peer.Kind.GROUP, id);
            case "channel" -> new Peer(Peer.Kind.CHANNEL, id);
            default -> null;
        };
    }

    private static @Nullable String thread(JsonNode message) {
        return message.path("is_topic_message").asBoolean()
                        && message.path("message_thread_id").asInt() > 0
                ? message.path("message_thread_id").asText()
                : null;
    }

    /** Who speaks in the name of a chat (a group's nameless admin, a channel) is known by that chat alone. */
    private static @Nullable Sender sender(JsonNode message) {
        return message.has("sender_chat") ? chat(message.path("sender_chat")) : person(message.path("from"));
    }

    private static @Nullable Sender person(JsonNode user) {
        if (!user.has("id")) {
            return null;
        }
        String name = (user.path("first_name").asText("") + " "
                        + user.path("last_name").asText(""))
                .strip();
        return new Sender(
                user.path("id").asText(), name.isEmpty() ? user.path("username").asText(null) : name);
    }

    private static @Nullable Sender chat(JsonNode chat) {
        return chat.has("id")
                ? new Sender(chat.path("id").asText(), chat.path("title").asText(null))
                : null;
    }

    private static @Nullable Instant time(long seconds) {
        return seconds > 0 && seconds < 253_402_300_800L ? Instant.ofEpochSecond(seconds) : null;
    }
}
