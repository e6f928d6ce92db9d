package dev.patchbay.hub.attachment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attachments and buttons as transcript lines, events and programs see them. */
public final class AttachmentJson {
    /** Name of the member everywhere. */
    public static final String ATTACHMENTS = "attachments";

    /** Name of the member everywhere. */
    public static final String BUTTONS = "buttons";

    // Thread-safe after construction and without any state of the hub.
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    private AttachmentJson() {}

    /** A list as text; empty text for an empty list. */
    public static String attachments(List<Attachment> attachments) {
        return attachments.isEmpty()
                ? ""
                : text(json -> {
                    json.writeStartArray();
                    for (Attachment each : attachments) {
                        write(json, each, false);
                    }
                    json.writeEndArray();
                });
    }

    /** A list as text; empty text for an empty list. */
    public static String buttons(List<Button> buttons) {
        return buttons.isEmpty() ? "" : text(json -> write(json, buttons));
    }

    /** What {@link #attachments(List)} wrote; none for null and what it has not written. */
    public static List<Attachment> readAttachments(@Nullable String text) {
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each : tree(text)) {
            attachments.add(
                    new Attachment(each.path("url").asText(), member(each, "media_type"), member(each, "name")));
        }
        return attachments;
    }

    /** What {@link #buttons(List)} wrote; none for null and what it has not written. */
    public static List<Button> readButtons(@Nullable String text) {
        var buttons = new ArrayList<Button>();
        for (JsonNode each : tree(text)) {
            buttons.add(new Button(each.path("text").asText(), each.path("data").asText()));
        }
        return buttons;
    }

    /** Writes the member {@code attachments} for programs, with the path where a stored file is got; nothing for none. */
    public static void writeAttachments(JsonGenerator json, List<Attachment> attachments) throws IOException {
        if (!attachments.isEmpty()) {
            json.writeArrayFieldStart(ATTACHMENTS);
            for (Attachment each : attachments) {
                write(json, each, true);
            }
            json.writeEndArray();
        }
    }

    /** Writes the member {@code buttons}; nothing for none. */
    public static void writeButtons(JsonGenerator json, List<Button> buttons) throws IOException {
        if (!buttons.isEmpty()) {
            json.writeFieldName(BUTTONS);
            write(json, buttons);
        }
    }

    /** Writes one attachment for programs as members of the object that is open. */
    public static void writeMembers(JsonGenerator json, Attachment attachment, boolean withPath) throws IOException {
        json.writeStringField("url", attachment.url());
        if (attachment.mediaType() != null) {
            json.writeStringField("media_type", attachment.mediaType());
        }
        if (attachment.name() != null) {
            json.writeStringField("name", attachment.name());
        }
        var id = AttachmentId.of(attachment);
        if (withPath && id.isPresent()) {
            json.writeStringField("href", path(id.get(), attachment));
        }
    }

    /** Where a program with a token gets a stored file. */
    private static String path(AttachmentId id, Attachment attachment) {
        var path = new StringBuilder("/attachments/").append(id.hex());
        char sign = '?';
        if (attachment.mediaType() != null) {
            path.append(sign).append("type=").append(SignedLinks.encoded(attachment.mediaType()));
            sign = '&';
        }
        if (attachment.name() != null) {
            path.append(sign).append("name=").append(SignedLinks.encoded(attachment.name()));
        }
        return path.toString();
    }

    private static void write(JsonGenerator json, Attachment attachment, boolean withPath) throws IOException {
        json.writeStartObject();
        writeMembers(json, attachment, withPath);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, List<Button> buttons) throws IOException {
        json.writeStartArray();
        for (Button each : buttons) {
            json.writeStartObject();
            json.writeStringField("text", each.text());
            json.writeStringField("data", each.data());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static String text(Writing writing) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            writing.to(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static Iterable<JsonNode> tree(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return List.of();
        }
        try {
            return JSON.readTree(text);
        } catch (IOException notOurs) {
            return List.of();
        }
    }

    private static @Nullable String member(JsonNode node, String name) {
        return node.hasNonNull(name) ? node.get(name).asText() : null;
    }
}
