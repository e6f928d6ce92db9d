package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Somebody in a chat. Whatever they do becomes an update for the bot. A mention of the bot ({@code @name}) and commands are marked
 * as the server marks them.
 *
 * @param topic the thread they write in
 * @param replyTo the message that the next ones answer
 */
public record Speaker(FakeChat chat, long id, String name, Optional<Long> topic, Optional<Long> replyTo) {

    public Speaker inTopic(long thread) {
        return new Speaker(chat, id, name, Optional.of(thread), replyTo);
    }

    public Speaker replyingTo(long messageId) {
        return new Speaker(chat, id, name, topic, Optional.of(messageId));
    }

    /** Answers the message's id. */
    public long says(String text) {
        return tell("text", message -> Text.typed(text).write(message, false)).id;
    }

    /** Answers the message's id. */
    public long sends(Media media) {
        synchronized (chat.bot) {
            return send(media, "");
        }
    }

    /** Several files as one album, an update for each. Answers the messages' ids. */
    public List<Long> sendsAlbum(Media... media) {
        synchronized (chat.bot) {
            String album = chat.bot.nextAlbum();
            var ids = new ArrayList<Long>();
            for (Media each : media) {
                ids.add(send(each, album));
            }
            return ids;
        }
    }

    /** Answers the message's id. */
    public long sendsLocation(double latitude, double longitude) {
        return tell("location", message -> message.putObject("location")
                        .put("latitude", latitude)
                        .put("longitude", longitude))
                .id;
    }

    /** Changes the text or the caption of a message that they sent. */
    public void edits(long messageId, String text) {
        synchronized (chat.bot) {
            Stored message = find(messageId);
            Text.typed(text).write(message.json, message.hasCaption());
            message.json.put("edit_date", chat.bot.now());
            chat.bot.updates.add("edited_message", message.json.deepCopy());
        }
    }

    /** Leaves an emoji at a message, or takes it back with an empty one. The bot must have asked for {@code message_reaction}. */
    public void reacts(long messageId, String emoji) {
        synchronized (chat.bot) {
            find(messageId);
            ObjectNode reaction = Json.object().put("message_id", messageId).put("date", chat.bot.now());
            reaction.set("chat", chat.json());
            reaction.set("user", json());
            reaction.putArray("old_reaction");
            var now = reaction.putArray("new_reaction");
            if (!emoji.isEmpty()) {
                now.addObject().put("type", "emoji").put("emoji", emoji);
            }
            chat.bot.updates.add("message_reaction", reaction);
        }
    }

    /**
     * Presses a button below a message of the bot's.
     *
     * @param button its data or its label
     * @return the id of the query, which {@link FakeBot#answeredQueries} knows once the bot has answered
     */
    public String presses(long messageId, String button) {
        synchronized (chat.bot) {
            Stored message = find(messageId);
            String data = message.snapshot().buttons().stream()
                    .filter(each -> !each.data().isEmpty())
                    .filter(each -> each.data().equals(button) || each.label().equals(button))
                    .map(SentMessage.Button::data)
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalArgumentException("message " + messageId + " has no button " + button));
            String queryId = chat.bot.nextQuery();
            ObjectNode query = Json.object()
                    .put("id", queryId)
                    .put("chat_instance", "-" + chat.id)
                    .put("data", data);
            query.set("from", json());
            query.set("message", message.json.deepCopy());
            chat.bot.updates.add("callback_query", query);
            return queryId;
        }
    }

    ObjectNode json() {
        return Json.object()
                .put("id", id)
                .put("is_bot", false)
                .put("first_name", name)
                .put("username", username(name))
                .put("language_code", "en");
    }

    static String username(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    private long send(Media media, String album) {
        FileShelf.Shelved file = chat.bot.files.keep(media);
        Stored sent = tell(media.kind(), message -> {
            FileShelf.write(file, message);
            Text.typed(media.caption()).write(message, true);
            if (!album.isEmpty()) {
                message.put("media_group_id", album);
            }
        });
        sent.files.add(media);
        return sent.id;
    }

    private Stored tell(String kind, Consumer<ObjectNode> content) {
        synchronized (chat.bot) {
            if (topic.isPresent() && !chat.hasTopic(topic.get())) {
                throw new IllegalArgumentException("there is no topic " + topic.get());
            }
            Optional<Stored> replied = replyTo.map(this::find);
            Stored message = chat.add(false, kind, json(), System.nanoTime(), json -> {
                chat.place(json, topic, replied);
                content.accept(json);
            });
            JsonNode told = message.json.deepCopy();
            chat.bot.updates.add("message", told);
            return message;
        }
    }

    private Stored find(long messageId) {
        return chat.find(messageId)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no message " + messageId + " in chat " + chat.id));
    }
}
