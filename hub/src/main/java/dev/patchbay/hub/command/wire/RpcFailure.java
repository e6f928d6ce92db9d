package dev.patchbay.hub.command.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import java.time.Duration;

/** The hub's answer was an error. */
public final class RpcFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int INVALID_PARAMS = -32602;
    private static final int UNAUTHORISED = -32001;
    private static final int FORBIDDEN = -32003;
    private static final int NOT_FOUND = -32004;
    private static final int QUEUE_FULL = -32005;
    private static final int RATE_LIMITED = -32007;
    private static final int AGENT_FAILED = -32008;
    private static final int SHUTTING_DOWN = -32011;

    private final int code;
    private final transient JsonNode data;

    private RpcFailure(int code, String message, JsonNode data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    /** Reads JSON-RPC's {@code error}. */
    static RpcFailure of(JsonNode error) {
        String message = error.path("message").asText("the hub said no");
        return new RpcFailure(error.path("code").asInt(), message, error.path("data"));
    }

    /** What a door says that answers before any request is read. */
    static RpcFailure unauthorised() {
        return new RpcFailure(UNAUTHORISED, "unauthorised", MissingNode.getInstance());
    }

    /** What a door of its own said in words. */
    static RpcFailure of(int httpStatus, String reason) {
        int code =
                switch (httpStatus) {
                    case 401 -> UNAUTHORISED;
                    case 403 -> FORBIDDEN;
                    case 429 -> RATE_LIMITED;
                    default -> httpStatus;
                };
        return new RpcFailure(code, reason, MissingNode.getInstance());
    }

    public int code() {
        return code;
    }

    /** The token is missing or not known. */
    public boolean isUnauthorised() {
        return code == UNAUTHORISED;
    }

    /** The hub is going down: what was asked has not been done. */
    public boolean isShuttingDown() {
        return code == SHUTTING_DOWN;
    }

    /** The turn was ended because somebody said {@code /stop}. */
    public boolean isStopped() {
        return code == AGENT_FAILED && data().path("reason").asText("").equals("stopped");
    }

    /** The hub wants the same again after this time; zero if it does not say so. */
    public Duration retryAfter() {
        return code == RATE_LIMITED
                ? Duration.ofMillis(data().path("retry_after_ms").asLong(1_000))
                : Duration.ZERO;
    }

    /** What the hub said, with the parameter it was about. */
    public String what() {
        JsonNode known = data();
        String message = String.valueOf(getMessage());
        String parameter = known.path("parameter").asText("");
        String reason = known.path("reason").asText("");
        String detail = reason.isEmpty() || message.contains(reason) ? "" : reason;
        if (!parameter.isEmpty() && !message.contains(parameter)) {
            detail = detail.isEmpty() ? parameter : parameter + " " + detail;
        }
        String reference = known.path("reference").asText("");
        return message
                + (detail.isEmpty() ? "" : ": " + detail)
                + (reference.isEmpty() ? "" : " (reference " + reference + ")");
    }

    /** For a command that ends with it. */
    public Failure asFailure(HubAddress address) {
        return switch (code) {
            case UNAUTHORISED ->
                new Failure(
                        ExitCode.FAILED,
                        address.token().isEmpty()
                                ? "the hub at " + address + " wants a token, and none was found in "
                                        + address.tokenPlace()
                                : "the hub at " + address + " does not know the token from " + address.tokenPlace(),
                        "set PATCHBAY_TOKEN, or name the hub's own configuration with --config FILE",
                        this);
            case FORBIDDEN ->
                new Failure(
                        ExitCode.FAILED,
                        "the token from " + address.tokenPlace() + " may not do this: " + what(),
                        "use one with a wider scope: set PATCHBAY_TOKEN",
                        this);
            case INVALID_PARAMS -> new Failure(ExitCode.FAILED, refusal(), cure(), this);
            case QUEUE_FULL ->
                new Failure(ExitCode.FAILED, what(), "try again later; `patchbay deliveries` shows what waits", this);
            case NOT_FOUND -> new Failure(ExitCode.FAILED, what(), "see what there is with the list commands", this);
            case SHUTTING_DOWN ->
                new Failure(
                        ExitCode.NO_HUB,
                        "the hub at " + address + " is shutting down",
                        "try again when it is back",
                        this);
            default -> new Failure(ExitCode.FAILED, what() + " (" + code + ")", "the hub's log says more", this);
        };
    }

    /** The hub's reason. One that is not a sentence of its own begins with the parameter: {@code ttl has no unit}. */
    private String refusal() {
        String reason = data().path("reason").asText("");
        String parameter = data().path("parameter").asText("");
        if (reason.isEmpty()) {
            return what();
        }
        return isAbout("channel") || isAboutPlugin() || parameter.isEmpty() ? reason : parameter + " " + reason;
    }

    private String cure() {
        if (isAbout("channel")) {
            return "set the account up for sending (a webhook needs callback.url), or choose another: `patchbay"
                    + " channels`";
        }
        return isAboutPlugin()
                ? "`patchbay plugins` shows what runs"
                : "write it otherwise; `--help` shows what the command takes";
    }

    /** The reason is the plugin's or its file's, not the parameter's. */
    private boolean isAboutPlugin() {
        return isAbout("path") || isAbout("plugin_id");
    }

    private boolean isAbout(String parameter) {
        return data().path("parameter").asText("").equals(parameter);
    }

    private JsonNode data() {
        return data == null ? MissingNode.getInstance() : data;
    }
}
