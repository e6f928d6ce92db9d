package dev.patchbay.fakes.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One request, whole.
 *
 * @param method in upper case
 * @param path decoded, without the query
 * @param query still encoded, without the question mark; empty if there is none
 * @param arrivedNanos {@link System#nanoTime()} when its last byte was read
 */
public record Request(String method, String path, String query, Headers headers, Body body, long arrivedNanos) {

    /** The parameters behind the question mark; of a name that came twice the last one counts. */
    public Map<String, String> queryFields() {
        return fields(query);
    }

    /** The fields of a body of type {@code application/x-www-form-urlencoded}; none if it is of another type. */
    public Map<String, String> formFields() {
        return headers.folded("content-type").startsWith("application/x-www-form-urlencoded")
                ? fields(body.text())
                : Map.of();
    }

    /**
     * The parts of a body of type {@code multipart/form-data} in their order; none if it is of another type.
     *
     * @throws IllegalArgumentException if the body is not built as its type says
     */
    public List<Part> parts() {
        return Multipart.parts(headers.value("content-type").orElse(""), body);
    }

    private static Map<String, String> fields(String encoded) {
        var fields = new LinkedHashMap<String, String>();
        for (String each : encoded.split("&", -1)) {
            int equals = each.indexOf('=');
            if (!each.isEmpty()) {
                fields.put(
                        decode(equals < 0 ? each : each.substring(0, equals)),
                        equals < 0 ? "" : decode(each.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }
}
