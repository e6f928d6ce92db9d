package dev.patchbay.hub.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the inbox keeps of a message until its turn is over.
 *
 * @param peer whom the answer goes to; null if the caller of the API is the only one who gets it
 * @param replyTo the platform's id of this message, which an answer may refer to
 * @param answerByQueue true if the answer goes out through the delivery queue, false if only the caller gets it
 */
record Envelope(
        String channel,
        String accountId,
        @Nullable Peer peer,
        @Nullable String threadId,
        @Nullable Sender sender,
        String text,
        List<Attachment> attachments,
        @Nullable String replyTo,
        boolean answerByQueue) {

    // Thread-safe after construction and without any state of the hub.
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory FACTORY = JSON.getFactory();

    /** Several of one voice as one: texts in order, one below the other, and what came with them; all else is the last one's. */
    static Envelope joined(List<Envelope> all) {
        Envelope last = all.getLast();
        return new Envelope(
                last.channel,
                last.accountId,
                last.peer,
                last.threadId,
                last.sender,
                all.stream().map(Envelope::text).filter(each -> !each.isEmpty()).collect(Collectors.joining("\n")),
                all.stream().flatMap(each -> each.attachments.stream()).toList(),
                last.replyTo,
                last.answerByQueue);
    }

    /** Where the answer goes by the queue; empty if it does not. */
    Optional<Address> address() {
        return peer == null || !answerByQueue
                ? Optional.empty()
                : Optional.of(new Address(channel, accountId, peer, threadId));
    }

    byte[] toJson() {
        var bytes = new ByteArrayOutputStream(text.length() + 160);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("channel", channel);
            json.writeStringField("account", accountId);
            if (peer != null) {
                json.writeStringField("kind", peer.kind().word());
                json.writeStringField("peer", peer.id());
            }
            optional(json, "thread", threadId);
            if (sender != null) {
                json.writeStringField("sender", sender.id());
                optional(json, "sender_name", sender.name());
            }
            json.writeStringField("text", text);
            optional(json, "reply_to", replyTo);
            json.writeBooleanField("queue", answerByQueue);
            if (!attachments.isEmpty()) {
                json.writeArrayFieldStart("attachments");
                for (Attachment each : attachments) {
                    json.writeStartObject();
                    json.writeStringField("url", each.url());
                    optional(json, "media_type", each.mediaType());
                    optional(json, "name", each.name());
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

    static Envelope fromJson(byte[] bytes) throws IOException {
        JsonNode json = JSON.readTree(bytes);
        var attachments = new ArrayList<Attachment>();
        for (JsonNode each : json.path("attachments")) {
            attachments.add(new Attachment(each.path("url").asText(), text(each, "media_type"), text(each, "name")));
        }
        String peer = text(json, "peer");
        String sender = text(json, "sender");
        return new Envelope(
                json.path("channel").asText(),
                json.path("account").asText(),
                peer == null ? null : new Peer(Peer.Kind.of(json.path("kind").asText()), peer),
                text(json, "thread"),
                sender == null ? null : new Sender(sender, text(json, "sender_name")),
                json.path("text").asText(),
                List.copyOf(attachments),
                text(json, "reply_to"),
                json.path("queue").asBoolean());
    }

    private static void optional(JsonGenerator json, String field, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(field, value);
        }
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.has(field) ? json.get(field).asText() : null;
    }
}
