package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.heartbeat.Check;
import dev.patchbay.hub.heartbeat.HeartbeatStatus;
import dev.patchbay.hub.heartbeat.Heartbeats;
import dev.patchbay.hub.heartbeat.Outcome;
import dev.patchbay.hub.heartbeat.Result;
import java.util.List;
import java.util.Optional;

/** Agents that speak up by themselves: shown, and made to. */
public final class HeartbeatMethods {
    private final Heartbeats heartbeats;

    public HeartbeatMethods(Heartbeats heartbeats) {
        this.heartbeats = heartbeats;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("heartbeat.status", Access.READ, "Shows the heartbeats of all agents.")
                        .seen()
                        .returns("agents[{agent_id, enabled, last_run_at?, next_run_at?, last_result?"
                                + " (sent|silent|duplicate|skipped|failed), skipped_reason?, last_error?}]")
                        .by(this::status),
                RpcMethod.named(
                                "heartbeat.run",
                                Access.OPERATE,
                                "Runs a heartbeat now, whatever the hour and the interval; waits for its end.")
                        .seen()
                        .takes(Params.name("agent_id", "whose"))
                        .returns("agent_id, result (sent|silent|duplicate|skipped|failed), skipped_reason?, text?,"
                                + " error?")
                        .by(this::run));
    }

    private RpcResult status(RpcCall call) throws InterruptedException {
        List<HeartbeatStatus> all = heartbeats.status().stream()
                .filter(each -> call.caller().sees().agent(each.agentId()))
                .toList();
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("agents");
            for (HeartbeatStatus each : all) {
                json.writeStartObject();
                json.writeStringField("agent_id", each.agentId());
                json.writeBooleanField("enabled", each.isEnabled());
                Json.time(json, "last_run_at", each.lastRun().orElse(null));
                Json.time(json, "next_run_at", each.nextRun().orElse(null));
                Json.optional(
                        json, "last_result", each.lastResult().map(Result::word).orElse(null));
                Json.optional(
                        json, "skipped_reason", each.skipped().map(Check::word).orElse(null));
                Json.optional(json, "last_error", each.error().orElse(null));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private RpcResult run(RpcCall call) throws RpcException, InterruptedException {
        String agent = call.text("agent_id");
        Outcome outcome = (call.caller().sees().agent(agent) ? heartbeats.run(agent) : Optional.<Outcome>empty())
                .orElseThrow(() ->
                        RpcException.of(ErrorCode.NOT_FOUND, "there is no agent of that name; agents.list shows them"));
        return json -> {
            json.writeStartObject();
            json.writeStringField("agent_id", agent);
            json.writeStringField("result", outcome.result().word());
            Json.optional(
                    json, "skipped_reason", outcome.skipped().map(Check::word).orElse(null));
            Json.optional(json, "text", outcome.text().orElse(null));
            Json.optional(json, "error", outcome.error().orElse(null));
            json.writeEndObject();
        };
    }
}
