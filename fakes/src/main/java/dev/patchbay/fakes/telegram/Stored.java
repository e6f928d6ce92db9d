package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.telegram.SentMessage.Button;
import dev.patchbay.fakes.telegram.SentMessage.Edit;
import dev.patchbay.fakes.telegram.SentMessage.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One message of a chat as the server keeps it. Guarded by the bot. */
final class Stored {
    final long id;
    final boolean isBots;
    final String kind;
    final long arrivedNanos;
    /** As it stands in an update; edits change it. */
    final ObjectNode json;

    final List<Media> files = new ArrayList<>();
    final List<Edit> edits = new ArrayList<>();
    String source = "";
    String parseMode = "";
    boolean isDeleted;

    Stored(long id, boolean isBots, String kind, ObjectNode json, long arrivedNanos) {
        this.id = id;
        this.isBots = isBots;
        this.kind = kind;
        this.json = json;
        this.arrivedNanos = arrivedNanos;
    }

    boolean hasCaption() {
        return !kind.equals("text") && !kind.equals("location");
    }

    String text() {
        return json.path(hasCaption() ? "caption" : "text").asText("");
    }

    JsonNode entities() {
        return json.path(hasCaption() ? "caption_entities" : "entities");
    }

    JsonNode keyboard() {
        return json.path("reply_markup");
    }

    SentMessage snapshot() {
        var marks = new ArrayList<Mark>();
        for (JsonNode entity : entities()) {
            int start = entity.path("offset").asInt();
            String argument =
                    entity.path("url").asText("") + entity.path("language").asText("");
            marks.add(new Mark(
                    entity.path("type").asText(),
                    text().substring(start, start + entity.path("length").asInt()),
                    argument));
        }
        var buttons = new ArrayList<Button>();
        for (JsonNode row : keyboard().path("inline_keyboard")) {
            for (JsonNode button : row) {
                buttons.add(new Button(
                        button.path("text").asText(),
                        button.path("callback_data").asText(""),
                        button.path("url").asText("")));
            }
        }
        JsonNode replied = json.path("reply_to_message");
        return new SentMessage(
                id,
                kind,
                text(),
                source,
                parseMode,
                marks,
                number(json.path("message_thread_id")),
                number(replied.has("forum_topic_created") ? replied.path("none") : replied.path("message_id")),
                Optional.of(json.path("media_group_id").asText("")).filter(album -> !album.isEmpty()),
                buttons,
                files,
                edits,
                isDeleted,
                arrivedNanos);
    }

    /** As it stands inside another message that answers it: without what it answers itself. */
    ObjectNode quoted() {
        ObjectNode copy = json.deepCopy();
        copy.remove("reply_to_message");
        return copy;
    }

    /** Takes a keyboard that was checked; an empty one is none. */
    void keyboard(ArrayNode rows) {
        if (rows.isEmpty()) {
            json.remove("reply_markup");
        } else {
            json.putObject("reply_markup").set("inline_keyboard", rows);
        }
    }

    private static Optional<Long> number(JsonNode node) {
        return node.isNumber() ? Optional.of(node.asLong()) : Optional.empty();
    }
}
