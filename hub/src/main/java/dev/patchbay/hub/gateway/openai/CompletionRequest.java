package dev.patchbay.hub.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for, as far as it matters here; everything else that clients send by habit is not looked at.
 *
 * @param model the agent's id
 * @param user whose session it is; null: nothing is kept, and the messages are the history
 * @param text of the last message of the user
 * @param images that came with it: addresses, or the images themselves as {@code data:} addresses
 * @param before what was said before it; without {@code user} only
 */
record CompletionRequest(
        String model,
        @Nullable String user,
        String text,
        List<String> images,
        List<Said> before,
        boolean stream,
        boolean includeUsage) {
    private static final int MESSAGES_MAX = 2_000;
    private static final int PARTS_MAX = 1_000;
    private static final int IMAGES_MAX = 100;
    private static final int USER_CHARS = 256;
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");

    /** One line of the conversation, by {@code user} or {@code assistant}. */
    record Said(String role, String text) {}

    CompletionRequest {
        images = List.copyOf(images);
        before = List.copyOf(before);
    }

    /**
     * Reads the body of a request.
     *
     * @throws RpcException if it cannot be used
     */
    static CompletionRequest read(byte[] body) throws RpcException {
        JsonNode request = Json.read(body);
        if (!request.isObject()) {
            throw RpcException.of(ErrorCode.INVALID_REQUEST, "the body is no JSON object");
        }
        JsonNode model = request.path("model");
        if (!model.isTextual() || model.textValue().isBlank()) {
            throw RpcException.invalid("model", "is missing; write the id of an agent, /v1/models lists them");
        }
        if (request.hasNonNull("n")
                && !(request.path("n").isInt() && request.path("n").intValue() == 1)) {
            throw RpcException.invalid("n", "must be 1: an agent gives one answer");
        }
        JsonNode options = request.path("stream_options");
        String user = user(request.path("user"));
        List<Line> lines = lines(request.path("messages"));
        int asked = lines.size() - 1;
        while (asked >= 0 && !lines.get(asked).role().equals("user")) {
            asked--;
        }
        if (asked < 0) {
            throw RpcException.invalid("messages", "there is none of role user");
        }
        Line last = lines.remove(asked);
        if (last.text().isBlank() && last.images().isEmpty()) {
            throw RpcException.invalid("messages", "the last message of the user is blank");
        }
        return new CompletionRequest(
                model.textValue(),
                user,
                last.text(),
                last.images(),
                user == null
                        ? lines.stream().flatMap(each -> each.said().stream()).toList()
                        : List.of(),
                flag(request, "stream"),
                options.isObject() && flag(options, "include_usage"));
    }

    private record Line(String role, String text, List<String> images) {

        /** Agents know users and assistants only: other roles speak as the user, by name. */
        List<Said> said() {
            if (text.isBlank()) {
                return List.of();
            }
            return List.of(
                    switch (role) {
                        case "user", "assistant" -> new Said(role, text);
                        case "system", "developer" -> new Said("user", "[system] " + text);
                        default -> new Said("user", "[tool] " + text);
                    });
        }
    }

    private static @Nullable String user(JsonNode user) throws RpcException {
        if (user.isMissingNode() || user.isNull()) {
            return null;
        }
        String name = user.asText().strip();
        if (!user.isTextual() || name.isEmpty()) {
            throw RpcException.invalid("user", "is no text or blank; leave it out if nothing is to be kept");
        }
        if (name.length() > USER_CHARS) {
            throw RpcException.invalid("user", "is longer than " + USER_CHARS + " characters");
        }
        return name;
    }

    private static List<Line> lines(JsonNode messages) throws RpcException {
        if (!messages.isArray() || messages.isEmpty()) {
            throw RpcException.invalid("messages", "is no list, or empty");
        }
        if (messages.size() > MESSAGES_MAX) {
            throw RpcException.invalid("messages", "are more than " + MESSAGES_MAX);
        }
        var lines = new ArrayList<Line>();
        for (JsonNode each : messages) {
            lines.add(line(each, "messages[" + lines.size() + "]"));
        }
        return lines;
    }

    private static Line line(JsonNode message, String place) throws RpcException {
        String role = message.path("role").asText();
        if (!ROLES.contains(role)) {
            throw RpcException.invalid(place + ".role", "is none of system, developer, user, assistant, tool");
        }
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            return new Line(role, content.textValue(), List.of());
        }
        if (content.isMissingNode() || content.isNull()) {
            return new Line(role, "", List.of());
        }
        if (!content.isArray() || content.size() > PARTS_MAX) {
            throw RpcException.invalid(place + ".content", "is neither text nor a list of at most 1000 parts");
        }
        var texts = new ArrayList<String>();
        var images = new ArrayList<String>();
        int number = 0;
        for (JsonNode part : content) {
            part(part, place + ".content[" + number++ + "]", texts, images);
        }
        return new Line(role, String.join("\n", texts), images);
    }

    private static void part(JsonNode part, String place, List<String> texts, List<String> images) throws RpcException {
        switch (part.path("type").asText()) {
            case "text", "input_text" -> texts.add(part.path("text").asText());
            case "refusal" -> texts.add(part.path("refusal").asText());
            case "image_url" -> {
                JsonNode image = part.path("image_url");
                String url = image.isTextual()
                        ? image.textValue()
                        : image.path("url").asText();
                if (url.isBlank() || images.size() == IMAGES_MAX) {
                    throw RpcException.invalid(place, "has no url, or is one of more than " + IMAGES_MAX);
                }
                images.add(url);
            }
            default -> throw RpcException.invalid(place + ".type", "is neither text nor image_url");
        }
    }

    private static boolean flag(JsonNode object, String name) throws RpcException {
        JsonNode value = object.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw RpcException.invalid(name, "is neither true nor false");
        }
        return value.asBoolean(false);
    }
}
