package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentJson;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.EventStream;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.session.ChatRequest;
import dev.patchbay.hub.session.Conversations;
import dev.patchbay.hub.session.PendingTurn;
import dev.patchbay.hub.session.Refusal;
import dev.patchbay.hub.session.TurnOutcome;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code chat.send} and {@code chat.send_stream}: say something to an agent and get the answer. */
public final class ChatMethods {
    /** Longer than any turn; what waits behind that many others is told so, and finds its answer in the transcript. */
    public static final Duration WAIT_MAX = Duration.ofMinutes(10);

    private final Conversations conversations;
    private final AttachmentDesk files;
    private final Events events;
    private final Subscriptions subscriptions;

    public ChatMethods(Conversations conversations, AttachmentDesk files, Events events, Subscriptions subscriptions) {
        this.files = files;
        this.conversations = conversations;
        this.events = events;
        this.subscriptions = subscriptions;
    }

    public List<RpcMethod> all() {
        return List.of(
                method("chat.send", "Says something to an agent; answers with the agent's answer.")
                        .returns("message_id, text, session_key, agent_id, timestamp, tokens_used?, attachments?,"
                                + " buttons?, duplicate?")
                        .inOrder(ChatMethods::lane, this::send),
                method("chat.send_stream", "As chat.send, with the answer as events while it is made.")
                        .returns("events chat.start, chat.delta…, chat.end; then message_id, stream, session_key")
                        .inOrder(ChatMethods::lane, this::stream));
    }

    private static RpcMethod.Builder method(String name, String summary) {
        return RpcMethod.named(name, Access.CHAT, summary)
                .seen()
                .takes(
                        Params.text("what is said"),
                        Params.maybe("session_key", "the session; without it and context the agent's main one"),
                        Params.maybe("agent_id", "who is asked; the default agent unless said"),
                        RpcParameter.optional(
                                "context",
                                RpcType.struct(
                                        Params.name("channel", "the channel"),
                                        Params.name("user_id", "the user's id there")),
                                "route it like a message of this user from this channel"),
                        Params.IDEMPOTENCY_KEY,
                        Params.ATTACHMENTS);
    }

    /** What goes to one session begins in order; two names for one session are taken for two. */
    private static Object lane(RpcCall call) {
        String session = call.textOrNull("session_key");
        if (session != null) {
            return session;
        }
        JsonNode context = call.tree("context");
        return List.of(
                context.path("channel").asText(),
                context.path("user_id").asText(),
                call.optionalText("agent_id").orElse(""));
    }

    private RpcMethod.Rest send(RpcCall call) throws RpcException, InterruptedException {
        PendingTurn turn = accept(call, "chat.send");
        return () -> {
            TurnOutcome outcome = outcome(turn);
            return json -> {
                json.writeStartObject();
                json.writeStringField("message_id", outcome.messageId());
                json.writeStringField("text", outcome.text());
                json.writeStringField("session_key", outcome.sessionKey());
                json.writeStringField("agent_id", outcome.agentId());
                Json.time(json, "timestamp", outcome.at());
                if (outcome.tokens() > 0) {
                    json.writeNumberField("tokens_used", outcome.tokens());
                }
                AttachmentJson.writeAttachments(json, outcome.attachments());
                AttachmentJson.writeButtons(json, outcome.buttons());
                if (turn.isDuplicate()) {
                    json.writeBooleanField("duplicate", true);
                }
                json.writeEndObject();
            };
        };
    }

    private RpcMethod.Rest stream(RpcCall call) throws RpcException, InterruptedException {
        EventStream client = call.client().events().orElse(null);
        if (client == null) {
            // A plain POST has nowhere to put events: the answer is in the transcript.
            PendingTurn turn = accept(call, "chat.send_stream");
            return () -> streamed(turn, outcome(turn));
        }
        var following = new TurnStream(client, subscriptions.of(client));
        var watching = events.subscribe(
                new Events.Filter(
                        call.textOrNull("session_key"),
                        null,
                        null,
                        call.caller().sees()),
                following);
        PendingTurn turn;
        try {
            turn = accept(call, "chat.send_stream");
        } catch (RpcException | InterruptedException | RuntimeException refused) {
            Subscriptions.end(watching);
            throw refused;
        }
        following.follow(turn.messageId());
        return () -> {
            try {
                TurnOutcome outcome = turn.await(WAIT_MAX).orElse(null);
                following.finish(turn, outcome, events.cursor());
                return streamed(turn, checked(turn, outcome));
            } finally {
                Subscriptions.end(watching);
            }
        };
    }

    private static RpcResult streamed(PendingTurn turn, TurnOutcome outcome) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("message_id", outcome.messageId());
            json.writeBooleanField("stream", true);
            json.writeStringField("session_key", outcome.sessionKey());
            if (turn.isDuplicate()) {
                json.writeBooleanField("duplicate", true);
            }
            json.writeEndObject();
        };
    }

    private PendingTurn accept(RpcCall call, String method) throws RpcException, InterruptedException {
        JsonNode context = call.tree("context");
        try {
            return conversations.send(new ChatRequest(
                    call.text("text"),
                    call.textOrNull("session_key"),
                    call.textOrNull("agent_id"),
                    context.isObject() ? context.path("channel").asText() : null,
                    context.isObject() ? context.path("user_id").asText() : null,
                    Params.attachments(call, files),
                    call.textOrNull("idempotency_key"),
                    method,
                    call.caller().name(),
                    call.caller().sees()));
        } catch (Refusal refusal) {
            throw refused(refusal);
        }
    }

    /** A message that was not taken, as a caller learns it. */
    public static RpcException refused(Refusal refusal) {
        String why = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case INVALID -> RpcException.invalid(refusal.parameter() == null ? "text" : refusal.parameter(), why);
            case NOT_FOUND -> RpcException.of(ErrorCode.NOT_FOUND, why);
            case FULL -> RpcException.of(ErrorCode.FULL, why);
            case TOO_LARGE -> RpcException.of(ErrorCode.TOO_LARGE, why);
            case SHUTTING_DOWN -> RpcException.of(ErrorCode.SHUTTING_DOWN, why);
        };
    }

    private static TurnOutcome outcome(PendingTurn turn) throws RpcException, InterruptedException {
        return checked(turn, turn.await(WAIT_MAX).orElse(null));
    }

    /**
     * The end of a turn if there is an answer, be it silence.
     *
     * @param outcome null if it did not come in time
     */
    public static TurnOutcome checked(PendingTurn turn, @Nullable TurnOutcome outcome) throws RpcException {
        if (outcome == null) {
            throw failed(
                    turn, ErrorCode.AGENT_TIMED_OUT, "no answer yet; chat.history will have it", turn.sessionKey());
        }
        String why = outcome.error() == null ? "" : outcome.error();
        return switch (outcome.status()) {
            case ANSWERED, SILENT -> outcome;
            case AGENT_FAILED -> throw failed(turn, ErrorCode.AGENT_FAILED, why, outcome.sessionKey());
            case AGENT_TIMED_OUT -> throw failed(turn, ErrorCode.AGENT_TIMED_OUT, why, outcome.sessionKey());
            case BUDGET_SPENT -> {
                RpcException spent = failed(turn, ErrorCode.BUDGET_SPENT, why, outcome.sessionKey());
                throw outcome.budget()
                        .map(budget -> spent.with("budget", budget.word())
                                .with("resets_at", budget.resetsAt().toString()))
                        .orElse(spent);
            }
            case STOPPED -> throw failed(turn, ErrorCode.AGENT_FAILED, "stopped", outcome.sessionKey());
            case INTERRUPTED -> throw failed(turn, ErrorCode.AGENT_FAILED, "interrupted", outcome.sessionKey());
            case NOT_STORED ->
                throw failed(
                        turn,
                        ErrorCode.NOT_STORED,
                        "the message is stored, its answer is not yet; chat.history will have it",
                        turn.sessionKey());
            case SHUTTING_DOWN ->
                throw failed(
                        turn,
                        ErrorCode.SHUTTING_DOWN,
                        "the message is stored and will be answered after the next start",
                        turn.sessionKey());
            case FORGOTTEN ->
                throw failed(turn, ErrorCode.NOT_FOUND, "its transcript has been cleared since", outcome.sessionKey());
        };
    }

    private static RpcException failed(PendingTurn turn, ErrorCode code, String why, String sessionKey) {
        return RpcException.of(code, why).with("message_id", turn.messageId()).with("session_key", sessionKey);
    }
}
