package dev.patchbay.fakes.discord;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that is answered with one of the documented JSON error codes. */
final class ApiError extends RuntimeException {
    final int status;
    final int code;
    private final @Nullable ObjectNode errors;

    ApiError(int status, int code, String message) {
        this(status, code, message, null);
    }

    private ApiError(int status, int code, String message, @Nullable ObjectNode errors) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.errors = errors;
    }

    /** A field that does not hold what it should. */
    static ApiError invalid(String field, String code, String message) {
        ObjectNode errors = Json.object();
        errors.putObject(field)
                .putArray("_errors")
                .addObject()
                .put("code", code)
                .put("message", message);
        return new ApiError(400, 50035, "Invalid Form Body", errors);
    }

    static ApiError unauthorized() {
        return new ApiError(401, 0, "401: Unauthorized");
    }

    static ApiError notFound() {
        return new ApiError(404, 0, "404: Not Found");
    }

    static ApiError unknown(int code, String what) {
        return new ApiError(404, code, "Unknown " + what);
    }

    static ApiError missingPermissions() {
        return new ApiError(403, 50013, "Missing Permissions");
    }

    ObjectNode body() {
        ObjectNode body = Json.object().put("message", getMessage()).put("code", code);
        if (errors != null) {
            body.set("errors", errors);
        }
        return body;
    }
}
