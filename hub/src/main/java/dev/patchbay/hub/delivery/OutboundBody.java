package dev.patchbay.hub.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Capability;
import dev.patchbay.api.TextLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery's row keeps of the message: the whole text and the limit by which it was split when it was queued, so that a
 * retry after any restart makes the same parts.
 *
 * @param text the whole text
 * @param replyTo the platform's id of the message that this one answers
 * @param draftId the platform's id of the draft whose place the first part takes
 */
public record OutboundBody(
        String text,
        @Nullable String replyTo,
        List<Attachment> attachments,
        List<Button> buttons,
        @Nullable String draftId,
        TextLimit limit) {
    // Thread-safe after construction and without any state of the hub: the one kind of static that is allowed.
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    public OutboundBody {
        Objects.requireNonNull(text, "text");
        attachments = List.copyOf(attachments);
        buttons = List.copyOf(buttons);
    }

    /** What the account can carry of a message; the rest becomes text. */
    static OutboundBody of(Outbound message, Outlets.Traits traits) {
        var text = new StringBuilder(message.text());
        List<Attachment> attachments = message.attachments();
        if (!traits.can(Capability.ATTACHMENTS)) {
            attachments.forEach(each -> line(text, each.url()));
            attachments = List.of();
        }
        List<Button> buttons = message.buttons();
        if (!traits.can(Capability.BUTTONS)) {
            buttons.forEach(each -> line(text, "[" + each.text() + "] " + each.data()));
            buttons = List.of();
        }
        String draft = traits.can(Capability.DRAFTS) ? message.draftId() : null;
        return new OutboundBody(text.toString(), message.replyTo(), attachments, buttons, draft, traits.textLimit());
    }

    private static void line(StringBuilder text, String more) {
        text.append(text.isEmpty() ? "" : "\n").append(more);
    }

    /** The parts to send, in order; a message that has only attachments is one blank part. */
    List<String> parts() {
        List<String> parts = TextSplitter.split(text, limit);
        return parts.isEmpty() ? List.of("") : parts;
    }

    byte[] toJson() {
        var bytes = new ByteArrayOutputStream(text.length() + 64);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("text", text);
            if (replyTo != null) {
                json.writeStringField("reply_to", replyTo);
            }
            if (draftId != null) {
                json.writeStringField("draft", draftId);
            }
            if (limit.max() != Integer.MAX_VALUE) {
                json.writeNumberField("limit", limit.max());
                json.writeStringField("unit", limit.unit().name());
            }
            if (!attachments.isEmpty()) {
                json.writeArrayFieldStart("attachments");
                for (Attachment each : attachments) {
                    json.writeStartObject();
                    json.writeStringField("url", each.url());
                    if (each.mediaType() != null) {
                        json.writeStringField("media_type", each.mediaType());
                    }
                    if (each.name() != null) {
                        json.writeStringField("name", each.name());
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            if (!buttons.isEmpty()) {
                json.writeArrayFieldStart("buttons");
                for (Button each : buttons) {
                    json.writeStartObject();
                    json.writeStringField("text", each.text());
                    json.writeStringField("data", each.data());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Reads a stored body; for lists that show it too. */
    public static OutboundBody fromJson(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each : json.path("attachments")) {
            attachments.add(new Attachment(each.path("url").asText(), text(each, "media_type"), text(each, "name")));
        }
        var buttons = new ArrayList<Button>();
        for (JsonNode each : json.path("buttons")) {
            buttons.add(new Button(each.path("text").asText(), each.path("data").asText()));
        }
        TextLimit limit = json.has("limit")
                ? new TextLimit(
                        json.path("limit").asInt(),
                        TextLimit.Unit.valueOf(json.path("unit").asText()))
                : TextLimit.NONE;
        return new OutboundBody(
                json.path("text").asText(), text(json, "reply_to"), attachments, buttons, text(json, "draft"), limit);
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.has(field) ? json.get(field).asText() : null;
    }
}
