package dev.patchbay.hub.gateway.openai;

import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * An error in OpenAI's words.
 *
 * @param status of the HTTP answer
 * @param param the member of the request that is wrong, if it is one
 * @param code the word that programs look at, if there is one
 * @param mayBeRepeated whether a client that repeats failed requests by itself should repeat this one
 */
public record OpenAiError(
        int status,
        String type,
        @Nullable String param,
        @Nullable String code,
        String message,
        boolean mayBeRepeated) {
    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";

    /** The same as JSON-RPC would say it. */
    public static OpenAiError of(RpcException error) {
        String param = error.data().get("parameter") instanceof String name ? name : null;
        String message = message(error, param);
        return switch (error.code()) {
            case PARSE_ERROR, INVALID_REQUEST -> new OpenAiError(400, INVALID, null, "invalid_json", message, false);
            case INVALID_PARAMS -> new OpenAiError(400, INVALID, param, "invalid_value", message, false);
            case UNAUTHORISED -> new OpenAiError(401, INVALID, null, "invalid_api_key", message, false);
            case FORBIDDEN -> new OpenAiError(403, INVALID, null, "insufficient_permissions", message, false);
            case NOT_FOUND -> new OpenAiError(404, INVALID, param, "model_not_found", message, false);
            case METHOD_NOT_FOUND -> new OpenAiError(404, INVALID, null, "unknown_url", message, false);
            case TOO_LARGE -> new OpenAiError(413, INVALID, null, "request_too_large", message, false);
            case BUDGET_SPENT -> new OpenAiError(429, "insufficient_quota", null, "insufficient_quota", message, false);
            case RATE_LIMITED -> new OpenAiError(429, "requests", null, "rate_limit_exceeded", message, true);
            case FULL -> new OpenAiError(503, SERVER, null, "queue_full", message, true);
            // The turn has run: whoever runs it again does so knowingly.
            case AGENT_FAILED -> new OpenAiError(502, SERVER, null, "agent_failed", message, false);
            case AGENT_TIMED_OUT -> new OpenAiError(504, SERVER, null, "agent_timed_out", message, false);
            case NOT_STORED -> new OpenAiError(503, SERVER, null, "not_stored", message, true);
            case SHUTTING_DOWN -> new OpenAiError(503, SERVER, null, "shutting_down", message, true);
            case INTERNAL -> new OpenAiError(500, SERVER, null, "internal_error", message, false);
        };
    }

    /** The whole object, with {@code error} as its only member. */
    public byte[] json() {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("error");
            out.writeStringField("message", message);
            out.writeStringField("type", type);
            out.writeStringField("param", param);
            out.writeStringField("code", code);
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    private static String message(RpcException error, @Nullable String param) {
        String reason =
                String.valueOf(error.data().getOrDefault("reason", error.code().message()));
        if (error.code() == ErrorCode.INTERNAL) {
            return reason + ", reference " + error.data().get("reference");
        }
        return error.code() == ErrorCode.INVALID_PARAMS && param != null ? param + ": " + reason : reason;
    }
}
