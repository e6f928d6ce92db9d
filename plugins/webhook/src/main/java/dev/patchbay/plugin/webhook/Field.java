package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one piece of a message is found: at a JSON pointer into the body, or fixed. Immutable, for any thread. */
sealed interface Field {

    /** @throws IllegalArgumentException if a pointer is malformed */
    static Field of(String setting) {
        return setting.startsWith("/") ? new At(JsonPointer.compile(setting)) : new Fixed(setting);
    }

    /** The value; missing if the body has none there. */
    JsonNode in(JsonNode body);

    /** A place in the body. */
    record At(JsonPointer pointer) implements Field {
        @Override
        public JsonNode in(JsonNode body) {
            JsonNode value = body.at(pointer);
            return value.isNull() ? MissingNode.getInstance() : value;
        }
    }

    /** The same for every message. */
    record Fixed(String value) implements Field {
        @Override
        public JsonNode in(JsonNode body) {
            return TextNode.valueOf(value);
        }
    }

    /** Bounds and readings of values; {@code name} is what the sender is told was wrong. */
    final class Values {
        private static final int ID_CHARS_MAX = 256;
        private static final int URL_CHARS_MAX = 8_192;
        private static final int ATTACHMENTS_MAX = 100;

        private Values() {}

        /** Text that says something; numbers count as their spelling. Empty if this is anything else. */
        static Optional<String> text(JsonNode value, String name) throws BadRequest {
            if (!value.isTextual() && !value.isNumber()) {
                return Optional.empty();
            }
            String text = value.asText();
            checkStorable(text, name);
            return Optional.of(text).filter(said -> !said.isBlank());
        }

        /** An id: text, or a whole number, which counts as its digits. Null if there is none. */
        static @Nullable String id(JsonNode value, String name) throws BadRequest {
            if (value.isMissingNode() || value.isNull()) {
                return null;
            }
            if (!value.isTextual() && !value.isIntegralNumber()) {
                throw new BadRequest(name + " is neither text nor a whole number");
            }
            return id(value.asText(), name);
        }

        static String id(String text, String name) throws BadRequest {
            String id = text.strip();
            checkStorable(id, name);
            if (id.isEmpty()) {
                throw new BadRequest(name + " is blank");
            }
            if (id.length() > ID_CHARS_MAX) {
                throw new BadRequest(name + " is longer than " + ID_CHARS_MAX + " characters");
            }
            if (id.chars().anyMatch(Character::isISOControl)) {
                throw new BadRequest(name + " holds a control character");
            }
            return id;
        }

        /** An id, or {@code {kind, id}}. Null if there is none. */
        static @Nullable Peer peer(JsonNode value) throws BadRequest {
            if (!value.isObject()) {
                String id = id(value, "peer");
                return id == null ? null : Peer.direct(id);
            }
            String id = id(value.path("id"), "peer.id");
            if (id == null) {
                throw new BadRequest("peer.id is missing");
            }
            JsonNode kind = value.path("kind");
            if (kind.isMissingNode() || kind.isNull()) {
                return Peer.direct(id);
            }
            try {
                return new Peer(Peer.Kind.of(kind.isTextual() ? kind.asText() : ""), id);
            } catch (IllegalArgumentException unknown) {
                throw new BadRequest("peer.kind is none of direct, group and channel");
            }
        }

        /** {@code {id, name}}, or an id. Null if there is none. */
        static @Nullable Sender sender(JsonNode value) throws BadRequest {
            if (!value.isObject()) {
                String id = id(value, "sender");
                return id == null ? null : new Sender(id, null);
            }
            String id = id(value.path("id"), "sender.id");
            if (id == null) {
                throw new BadRequest("sender.id is missing");
            }
            JsonNode name = value.path("name");
            return new Sender(id, name.asText().isBlank() ? null : id(name, "sender.name"));
        }

        /** A list of {@code {url, media_type?, name?}}. */
        static List<Attachment> attachments(JsonNode value) throws BadRequest {
            if (value.isMissingNode() || value.isNull()) {
                return List.of();
            }
            if (!value.isArray() || value.size() > ATTACHMENTS_MAX) {
                throw new BadRequest("attachments is not a list of at most " + ATTACHMENTS_MAX);
            }
            var attachments = new ArrayList<Attachment>();
            for (JsonNode each : value) {
                String url = each.path("url").asText();
                checkStorable(url, "attachments.url");
                if (url.isBlank() || url.length() > URL_CHARS_MAX) {
                    throw new BadRequest("attachments.url is missing or longer than " + URL_CHARS_MAX + " characters");
                }
                attachments.add(new Attachment(
                        url,
                        id(each.path("media_type"), "attachments.media_type"),
                        id(each.path("name"), "attachments.name")));
            }
            return List.copyOf(attachments);
        }

        private static void checkStorable(String text, String name) throws BadRequest {
            if (text.indexOf('\0') >= 0) {
                throw new BadRequest(name + " holds a NUL character");
            }
            for (int i = 0; i < text.length(); i++) {
                if (Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else if (Character.isSurrogate(text.charAt(i))) {
                    throw new BadRequest(name + " holds half of a surrogate pair");
                }
            }
        }
    }
}
