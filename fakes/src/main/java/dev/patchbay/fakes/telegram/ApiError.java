package dev.patchbay.fakes.telegram;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Response;

/** A call that Telegram refuses, in Telegram's words. */
final class ApiError extends RuntimeException {
    private final int code;
    private final int retryAfterSeconds;

    private ApiError(int code, String description, int retryAfterSeconds) {
        super(description);
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static ApiError of(int code, String description) {
        return new ApiError(code, description, 0);
    }

    /** Code 400; the description gets its usual beginning. */
    static ApiError bad(String what) {
        return of(400, "Bad Request: " + what);
    }

    static ApiError conflict(String what) {
        return of(409, "Conflict: " + what);
    }

    static ApiError tooMany(int retryAfterSeconds) {
        return new ApiError(429, "Too Many Requests: retry after " + retryAfterSeconds, retryAfterSeconds);
    }

    Response response() {
        ObjectNode body = Json.object();
        body.put("ok", false).put("error_code", code).put("description", getMessage());
        if (retryAfterSeconds > 0) {
            body.putObject("parameters").put("retry_after", retryAfterSeconds);
        }
        return Response.json(code, body.toString());
    }
}
