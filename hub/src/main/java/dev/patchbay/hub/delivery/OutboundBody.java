package dev.patchbay.hub.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Attachment;
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
 */
public record OutboundBody(String text, @Nullable String replyTo, List<Attachment> attachments, TextLimit limit) {
    // Thread-safe after construction and without any state of the hub: the one kind of static that is allowed.
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    public OutboundBody {
        Objects.requireNonNull(text, "text");
        attachments = List.copyOf(attachments);
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
        TextLimit limit = json.has("limit")
                ? new TextLimit(
                        json.path("limit").asInt(),
                        TextLimit.Unit.valueOf(json.path("unit").asText()))
                : TextLimit.NONE;
        return new OutboundBody(json.path("text").asText(), text(json, "reply_to"), attachments, limit);
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.has(field) ? json.get(field).asText() : null;
    }
}
