package dev.patchbay.fakes.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param status 100 to 599, or 0 for no answer at all: the connection is reset instead
 * @param headers beside Content-Length and Connection, which the server writes
 * @param then goes on with the connection after the head (which then has no Content-Length and no body), or null
 */
public record Response(
        int status,
        Map<String, String> headers,
        Body body,
        @Nullable Takeover then) {
    public Response {
        if (status != 0 && (status < 100 || status > 599)) {
            throw new IllegalArgumentException("status " + status);
        }
        headers = Map.copyOf(headers);
    }

    public static Response json(int status, String body) {
        return of(status, "application/json", Body.of(body));
    }

    public static Response html(int status, String body) {
        return of(status, "text/html; charset=utf-8", Body.of(body));
    }

    public static Response of(int status, String contentType, Body body) {
        return new Response(status, Map.of("Content-Type", contentType), body, null);
    }

    /** Without a body. */
    public static Response empty(int status) {
        return new Response(status, Map.of(), Body.EMPTY, null);
    }

    /** Status 101 with these headers; the connection is then the other's. */
    public static Response switching(Map<String, String> headers, Takeover then) {
        return new Response(101, headers, Body.EMPTY, then);
    }

    /** The same with one more header line. */
    public Response with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, more, body, then);
    }
}
