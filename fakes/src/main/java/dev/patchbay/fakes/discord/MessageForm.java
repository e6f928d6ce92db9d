package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads what a bot wants a message to be, and says what is wrong with it in the platform's words. */
final class MessageForm {
    static final int CONTENT_MAX = 2_000;
    static final int FILE_BYTES_MAX = 10 * 1024 * 1024;
    private static final int NONCE_MAX = 25;
    private static final int FILES_MAX = 10;
    private static final int EMBEDS_MAX = 10;
    private static final int ROWS_MAX = 5;

    private MessageForm() {}

    /** A new message. */
    static Said read(ObjectNode body, List<Part> files) {
        Said said = change(Said.text(""), body, files)
                .withNonce(nonce(body))
                .withFlags(body.path("flags").asInt(0))
                .pinging(body.path("allowed_mentions").path("replied_user").asBoolean(!body.has("allowed_mentions")));
        if (said.isEmpty()) {
            throw new ApiError(400, 50006, "Cannot send an empty message");
        }
        return said;
    }

    /** A change of a message: what the body does not name stays. */
    static Said change(Said before, ObjectNode body, List<Part> files) {
        Said said = before.with(uploads(files));
        if (body.has("content")) {
            said = said.withContent(content(body));
        }
        if (body.has("embeds")) {
            said = said.withEmbeds(list(body, "embeds", EMBEDS_MAX));
        }
        if (body.has("components")) {
            ArrayNode components = list(body, "components", ROWS_MAX);
            number(components, new AtomicInteger());
            said = said.withComponents(components);
        }
        return said;
    }

    private static String content(ObjectNode body) {
        JsonNode content = body.path("content");
        String text = content.isNull() ? "" : content.asText();
        if (text.codePointCount(0, text.length()) > CONTENT_MAX) {
            throw ApiError.invalid(
                    "content", "BASE_TYPE_MAX_LENGTH", "Must be " + CONTENT_MAX + " or fewer in length.");
        }
        return text;
    }

    private static Optional<String> nonce(ObjectNode body) {
        JsonNode nonce = body.path("nonce");
        if (nonce.isMissingNode() || nonce.isNull()) {
            return Optional.empty();
        }
        if (nonce.asText().length() > NONCE_MAX) {
            throw ApiError.invalid("nonce", "NONCE_TYPE_TOO_LONG", "Must be " + NONCE_MAX + " or fewer in length.");
        }
        return Optional.of(nonce.asText());
    }

    private static ArrayNode list(ObjectNode body, String field, int max) {
        JsonNode given = body.path(field);
        if (given.isNull()) {
            return Json.array();
        }
        if (!given.isArray() || given.size() > max) {
            throw ApiError.invalid(field, "BASE_TYPE_MAX_LENGTH", "Must be " + max + " or fewer in length.");
        }
        return (ArrayNode) given.deepCopy();
    }

    /** Gives each component a number, as the real one does where the bot has not. */
    private static void number(JsonNode components, AtomicInteger last) {
        for (JsonNode each : components) {
            if (each instanceof ObjectNode component) {
                int next = last.incrementAndGet();
                if (component.path("id").asInt() == 0) {
                    component.put("id", next);
                }
                number(component.path("components"), last);
            }
        }
    }

    private static List<Upload> uploads(List<Part> files) {
        if (files.size() > FILES_MAX) {
            throw ApiError.invalid("files", "BASE_TYPE_MAX_LENGTH", "Must be " + FILES_MAX + " or fewer in length.");
        }
        var uploads = new ArrayList<Upload>();
        for (Part file : files) {
            if (file.content().length() > FILE_BYTES_MAX) {
                throw new ApiError(413, 40005, "Request entity too large");
            }
            uploads.add(new Upload(file.fileName().orElse("file"), file.contentType(), file.content()));
        }
        return uploads;
    }
}
