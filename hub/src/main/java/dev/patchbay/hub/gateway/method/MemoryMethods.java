package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcLimits;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.recall.Findings;
import dev.patchbay.hub.recall.FoundLine;
import dev.patchbay.hub.recall.LineQuery;
import dev.patchbay.hub.recall.LineSearch;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code memory.recall}: finds what was said. */
public final class MemoryMethods {
    private static final int USUAL = 10;

    private final LineSearch lines;

    public MemoryMethods(LineSearch lines) {
        this.lines = lines;
    }

    public List<RpcMethod> all() {
        return List.of(RpcMethod.named("memory.recall", Access.READ, "Finds what was said, the best match first.")
                .takes(
                        RpcParameter.required(
                                "query",
                                new RpcType.FreeText(RpcLimits.BODY_BYTES),
                                "plain words, all of which must occur; the first 1,000 characters count"),
                        Params.maybe("session_key", "only in this session and what was put away of it"),
                        Params.maybe("agent_id", "only with this agent"),
                        RpcParameter.optional(
                                "limit",
                                new RpcType.Whole(1, LineQuery.LIMIT_MAX),
                                "at most so many; " + USUAL + " unless said"))
                .returns("matches[{session_key, message_id, role, snippet, timestamp, score}], complete")
                .by(this::recall));
    }

    private RpcResult recall(RpcCall call) throws RpcException, InterruptedException {
        Optional<String> session = call.optionalText("session_key");
        if (session.isPresent()) {
            session = Optional.of(Params.sessionKey(session.get()));
        }
        Findings found = lines.search(new LineQuery(
                call.text("query"), session, call.optionalText("agent_id").map(Set::of), call.number("limit", USUAL)));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("matches");
            for (FoundLine each : found.lines()) {
                json.writeStartObject();
                json.writeStringField("session_key", each.sessionKey());
                json.writeStringField("message_id", each.messageId());
                json.writeStringField("role", each.role());
                json.writeStringField("snippet", each.snippet());
                Json.time(json, "timestamp", each.at());
                json.writeNumberField("score", each.score());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanField("complete", found.isComplete());
            json.writeEndObject();
        };
    }
}
