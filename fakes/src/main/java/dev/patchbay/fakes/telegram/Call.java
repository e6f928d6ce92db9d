package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.http.Part;
import dev.patchbay.fakes.http.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One call of the Bot API, whichever of the four ways its parameters came.
 *
 * @param method in lower case
 * @param fields parameters that are not files; structured ones as their JSON text
 * @param files parameters that came as files
 */
record Call(String token, String method, Map<String, String> fields, Map<String, Part> files) {
    private static final Pattern PATH = Pattern.compile("/bot([^/]+)/([^/]+)");

    /**
     * Empty if the path is not that of a call.
     *
     * @throws ApiError if its parameters cannot be read
     */
    static Optional<Call> of(Request request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            return Optional.empty();
        }
        var fields = new HashMap<>(request.queryFields());
        fields.putAll(request.formFields());
        if (request.headers().value("content-type").orElse("").startsWith("application/json")) {
            JsonNode json = Json.read(request.body().text())
                    .filter(JsonNode::isObject)
                    .orElseThrow(() -> ApiError.bad("can't parse request: expected a JSON object"));
            json.properties().forEach(each -> {
                JsonNode value = each.getValue();
                if (!value.isNull()) {
                    fields.put(each.getKey(), value.isTextual() ? value.asText() : value.toString());
                }
            });
        }
        var files = new HashMap<String, Part>();
        for (Part part : parts(request)) {
            if (part.fileName().isPresent()) {
                files.put(part.name(), part);
            } else {
                fields.put(part.name(), part.content().text());
            }
        }
        return Optional.of(new Call(path.group(1), path.group(2).toLowerCase(Locale.ROOT), fields, files));
    }

    private static List<Part> parts(Request request) {
        try {
            return request.parts();
        } catch (IllegalArgumentException broken) {
            throw ApiError.bad("can't parse multipart body: " + broken.getMessage());
        }
    }

    /** Empty also if the parameter is an empty text, as Telegram sees it. */
    Optional<String> text(String name) {
        return Optional.ofNullable(fields.get(name)).filter(text -> !text.isEmpty());
    }

    /** Empty if the parameter is missing or not a whole number. */
    Optional<Long> number(String name) {
        try {
            return text(name).map(String::strip).map(Long::valueOf);
        } catch (NumberFormatException notOne) {
            return Optional.empty();
        }
    }

    /** The number within bounds; the default if it is missing. */
    int number(String name, int otherwise, int least, int most) {
        return Math.clamp(number(name).orElse((long) otherwise), least, most);
    }

    boolean flag(String name) {
        return text(name)
                .map(value -> List.of("true", "1", "yes").contains(value.toLowerCase(Locale.ROOT)))
                .orElse(false);
    }

    /**
     * A structured parameter.
     *
     * @throws ApiError if it is not JSON
     */
    Optional<JsonNode> json(String name) {
        return text(name)
                .map(text -> Json.read(text).orElseThrow(() -> ApiError.bad("can't parse " + name + " JSON object")));
    }

    long messageId() {
        return number("message_id").orElseThrow(() -> ApiError.bad("message identifier is not specified"));
    }
}
