package dev.patchbay.plugin.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.api.Answer;
import dev.patchbay.api.HttpAnswer;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Receipt;
import java.time.Duration;

/** What senders are answered: JSON, and for errors {@code {"error": {"code", "message"}}}. */
final class Answers {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Answers() {}

    static HttpAnswer stored(Receipt receipt) {
        return json(202, receipt(receipt));
    }

    /** The answer of a turn whose sender has waited for it. A silent agent's text is empty. */
    static HttpAnswer answered(Answer answer) {
        if (answer.receipt().duplicate()) {
            return stored(answer.receipt());
        }
        ObjectNode body = receipt(answer.receipt());
        return switch (answer.status()) {
            case ANSWERED, SILENT -> json(200, body.put("text", answer.text()).put("session_key", answer.sessionKey()));
            case AGENT_FAILED -> json(502, body.setAll(failure("agent_failed", "the agent has failed")));
            case AGENT_TIMED_OUT ->
                json(504, body.setAll(failure("agent_timed_out", "the agent has not answered in time")));
            case PENDING -> json(202, body);
        };
    }

    static HttpAnswer notAccepted(NotAccepted refusal) {
        return switch (refusal.reason()) {
            case FULL -> later("queue_full", "too many messages are waiting", refusal.retryAfter());
            case NOT_STORED -> later(507, "not_stored", "the message could not be stored", refusal.retryAfter());
            case SHUTTING_DOWN -> later("shutting_down", "the hub is shutting down", refusal.retryAfter());
            case TOO_LARGE -> error(413, "too_large", "the message is too large");
            case INVALID -> error(400, "bad_request", String.valueOf(refusal.getMessage()));
        };
    }

    static HttpAnswer error(int status, String code, String message) {
        return json(status, failure(code, message));
    }

    static HttpAnswer later(String code, String message, Duration wait) {
        return later(503, code, message, wait);
    }

    private static HttpAnswer later(int status, String code, String message, Duration wait) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return error(status, code, message).with("Retry-After", Long.toString(seconds));
    }

    /** A GitHub hook was set up: nothing was said. */
    static HttpAnswer ping() {
        return json(202, NODES.objectNode().put("ping", true));
    }

    private static ObjectNode receipt(Receipt receipt) {
        ObjectNode body = NODES.objectNode().put("message_id", receipt.messageId());
        return receipt.duplicate() ? body.put("duplicate", true) : body;
    }

    private static ObjectNode failure(String code, String message) {
        ObjectNode body = NODES.objectNode();
        body.putObject("error").put("code", code).put("message", message);
        return body;
    }

    private static HttpAnswer json(int status, ObjectNode body) {
        return HttpAnswer.json(status, body.toString());
    }
}
