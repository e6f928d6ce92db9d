package dev.patchbay.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a channel answers to an HTTP request.
 *
 * @param status from 200 to 599
 * @param headers besides Content-Length, which the hub sets
 * @param body may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    public HttpAnswer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status " + status);
        }
        headers = Map.copyOf(headers);
    }

    public static HttpAnswer json(int status, String body) {
        return new HttpAnswer(
                status, Map.of("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    public static HttpAnswer text(int status, String body) {
        return new HttpAnswer(
                status, Map.of("Content-Type", "text/plain; charset=utf-8"), body.getBytes(StandardCharsets.UTF_8));
    }

    public HttpAnswer with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, more, body);
    }
}
