package dev.patchbay.hub.gateway.method;

import dev.patchbay.hub.agent.AgentStatus;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.gateway.OpsDoor;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The hub as a whole: health, agents, configuration. */
public final class HubMethods {
    private final OpsDoor ops;
    private final Agents agents;
    private final Supplier<Map<String, Object>> configCheck;

    /**
     * Makes the methods.
     *
     * @param configCheck what {@code patchbay check} says, as a tree
     */
    public HubMethods(OpsDoor ops, Agents agents, Supplier<Map<String, Object>> configCheck) {
        this.ops = ops;
        this.agents = agents;
        this.configCheck = configCheck;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("health", Access.OPEN, "Says whether a message would get through.")
                        .returns("status (ok|degraded|down), version, timestamp; with a token also parts")
                        .by(call -> ops.health(!call.caller().isAnonymous())),
                RpcMethod.named("agents.list", Access.READ, "Shows who answers.")
                        .returns("agents[{agent_id, type, state (ok|half_open|open|failed), running, max_concurrent,"
                                + " timeout, fallback?, reason?}]")
                        .by(call -> agents()),
                RpcMethod.named("config.check", Access.ADMIN, "Checks the configuration as it is on disk now.")
                        .returns("as patchbay check")
                        .by(call -> {
                            Map<String, Object> result = configCheck.get();
                            return json -> Json.tree(json, result);
                        }));
    }

    private RpcResult agents() {
        List<AgentStatus> all = agents.status();
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("agents");
            for (AgentStatus each : all) {
                json.writeStartObject();
                json.writeStringField("agent_id", each.id());
                json.writeStringField("type", each.type());
                json.writeStringField("state", state(each));
                json.writeNumberField("running", each.running());
                json.writeNumberField("max_concurrent", each.maxConcurrent());
                json.writeStringField("timeout", text(each.timeout()));
                Json.optional(json, "fallback", each.fallback().orElse(null));
                Json.optional(json, "reason", each.trouble().orElse(null));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    /** As the configuration takes it. */
    private static String text(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }

    private static String state(AgentStatus agent) {
        if (agent.trouble().isPresent()) {
            return "failed";
        }
        return agent.breaker() == AgentStatus.Breaker.CLOSED
                ? "ok"
                : agent.breaker().name().toLowerCase(Locale.ROOT);
    }
}
