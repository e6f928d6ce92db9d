package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Part;
import dev.patchbay.fakes.http.Request;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One route of the REST interface. */
record Route(String method, String template, RateLimits.Kind kind, Endpoint endpoint) {

    /** Answers one request; under the world's lock. */
    @FunctionalInterface
    interface Endpoint {
        Reply handle(Asked asked);
    }

    /** @param body null for none */
    record Reply(int status, @Nullable JsonNode body) {
        static Reply ok(JsonNode body) {
            return new Reply(200, body);
        }

        static Reply none() {
            return new Reply(204, null);
        }
    }

    /** One request with its path taken apart. */
    record Asked(Bot bot, Map<String, String> ids, Request request) {
        String id(String name) {
            return ids.getOrDefault(name, "");
        }

        /** The JSON body, or the part {@code payload_json} of a form. An empty body counts as an empty object. */
        ObjectNode body() {
            return json() instanceof ObjectNode object ? object : Json.object();
        }

        ArrayNode list() {
            if (json() instanceof ArrayNode array) {
                return array;
            }
            throw ApiError.invalid("body", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        }

        private JsonNode json() {
            String type = request.headers().value("content-type").orElse("");
            byte[] text = type.startsWith("multipart/")
                    ? parts().stream()
                            .filter(part -> part.name().equals("payload_json"))
                            .findFirst()
                            .map(part -> part.content().bytes())
                            .orElse(new byte[0])
                    : request.body().bytes();
            try {
                return Json.parse(text);
            } catch (IOException notJson) {
                throw new ApiError(400, 50109, "The request body contains invalid JSON.");
            }
        }

        /** The files of a form. */
        List<Part> files() {
            return parts().stream().filter(part -> part.fileName().isPresent()).toList();
        }

        private List<Part> parts() {
            try {
                return request.parts();
            } catch (IllegalArgumentException broken) {
                throw new ApiError(400, 50035, "Invalid Form Body");
            }
        }
    }

    /** What is shared by all requests that count together: the channel, the guild or the interaction. */
    static String major(Map<String, String> ids) {
        for (String each : List.of("channel", "token", "guild")) {
            if (ids.containsKey(each)) {
                return ids.getOrDefault(each, "");
            }
        }
        return "";
    }

    String name() {
        return method + " " + template;
    }

    /** The ids in the path; empty if it is another route's. */
    Optional<Map<String, String>> match(String method, String path) {
        String[] wanted = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (!this.method.equals(method) || wanted.length != given.length) {
            return Optional.empty();
        }
        var ids = new HashMap<String, String>();
        for (int at = 0; at < wanted.length; at++) {
            if (wanted[at].startsWith("{")) {
                ids.put(wanted[at].substring(1, wanted[at].length() - 1), given[at]);
            } else if (!wanted[at].equals(given[at])) {
                return Optional.empty();
            }
        }
        return Optional.of(ids);
    }
}
