package dev.patchbay.plugin.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.api.Attachment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message brings besides its text or caption.
 *
 * @param text what stands for something that is no file, else empty
 * @param attachments places
 */
record Content(String text, List<RemoteFile> files, List<Attachment> attachments) {

    /** The content of a message; null if it has nothing to say, as those that report what happened in the chat. */
    static @Nullable Content of(JsonNode message) {
        var files = new ArrayList<RemoteFile>();
        var places = new ArrayList<Attachment>();
        var lines = new ArrayList<String>();
        collect(message, files, lines);
        collectWords(message, places, lines);
        if (files.isEmpty()
                && places.isEmpty()
                && lines.isEmpty()
                && !message.path("text").isTextual()) {
            return null;
        }
        return new Content(String.join("\n", lines), List.copyOf(files), List.copyOf(places));
    }

    private static void collect(JsonNode message, List<RemoteFile> files, List<String> lines) {
        JsonNode photos = message.path("photo");
        JsonNode largest = null;
        for (JsonNode size : photos) {
            if (largest == null || area(size) >= area(largest)) {
                largest = size;
            }
        }
        if (largest != null) {
            add(files, largest, "photo", "image/jpeg", "photo.jpg");
        }
        if (message.has("animation")) {
            // The same file comes as a document, too, for clients that know no animations.
            add(files, message.path("animation"), "animation", "video/mp4", "animation.mp4");
        } else {
            add(files, message.path("document"), "document", null, null);
        }
        add(files, message.path("voice"), "voice message", "audio/ogg", "voice.ogg");
        add(files, message.path("audio"), "audio", "audio/mpeg", null);
        add(files, message.path("video"), "video", "video/mp4", null);
        add(files, message.path("video_note"), "video message", "video/mp4", "video.mp4");
        JsonNode sticker = message.path("sticker");
        if (sticker.isObject()) {
            if (sticker.path("is_animated").asBoolean()) {
                add(files, sticker, "sticker", "application/x-tgsticker", "sticker.tgs");
            } else if (sticker.path("is_video").asBoolean()) {
                add(files, sticker, "sticker", "video/webm", "sticker.webm");
            } else {
                add(files, sticker, "sticker", "image/webp", "sticker.webp");
            }
            line(lines, sticker.path("emoji").asText(""));
        }
    }

    private static void collectWords(JsonNode message, List<Attachment> places, List<String> lines) {
        JsonNode venue = message.path("venue");
        JsonNode place = venue.isObject() ? venue.path("location") : message.path("location");
        if (place.path("latitude").isNumber() && place.path("longitude").isNumber()) {
            String where = place.path("latitude").asText() + ","
                    + place.path("longitude").asText();
            places.add(new Attachment("geo:" + where, null, venue.path("title").asText(null)));
            line(
                    lines,
                    joined(
                            ", ",
                            venue.path("title").asText(""),
                            venue.path("address").asText("")));
        }
        JsonNode contact = message.path("contact");
        if (contact.isObject()) {
            String name = joined(
                    " ",
                    contact.path("first_name").asText(""),
                    contact.path("last_name").asText(""));
            line(lines, joined(", ", name, contact.path("phone_number").asText("")));
        }
        JsonNode dice = message.path("dice");
        if (dice.isObject()) {
            line(
                    lines,
                    joined(
                            " ",
                            dice.path("emoji").asText(""),
                            dice.path("value").asText("")));
        }
        JsonNode poll = message.path("poll");
        if (poll.isObject()) {
            line(lines, poll.path("question").asText(""));
            poll.path("options")
                    .forEach(option -> line(lines, "- " + option.path("text").asText("")));
        }
    }

    private static void add(
            List<RemoteFile> files, JsonNode file, String kind, @Nullable String mediaType, @Nullable String name) {
        String id = file.path("file_id").asText("");
        if (!id.isEmpty()) {
            files.add(new RemoteFile(
                    id,
                    kind,
                    file.path("mime_type").asText(mediaType),
                    file.path("file_name").asText(name),
                    file.path("file_size").asLong()));
        }
    }

    private static long area(JsonNode size) {
        return size.path("width").asLong() * size.path("height").asLong();
    }

    private static void line(List<String> lines, String line) {
        if (!line.isBlank()) {
            lines.add(line);
        }
    }

    private static String joined(String between, String first, String second) {
        return first.isBlank() ? second : second.isBlank() ? first : first + between + second;
    }
}
