package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.hub.agent.AgentStatus;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.Staff;
import dev.patchbay.hub.gateway.OpsDoor;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.usage.PurseStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
                                + " timeout, fallback?, reason?, tokens_today, tokens_month, cost_today?, cost_month?,"
                                + " currency?, budgets?[{budget (daily|monthly), spent, limit, state"
                                + " (ok|warning|spent), resets_at}], max_workers?, restarts?,"
                                + " workers?[{pid, busy, resident_bytes?, turns}]}]")
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
                json.writeStringField("state", each.stateWord());
                json.writeNumberField("running", each.running());
                json.writeNumberField("max_concurrent", each.maxConcurrent());
                json.writeStringField("timeout", text(each.timeout()));
                Json.optional(json, "fallback", each.fallback().orElse(null));
                Json.optional(json, "reason", each.trouble().orElse(null));
                purse(json, each.purse());
                if (each.staff().isPresent()) {
                    staff(json, each.staff().get());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private static void purse(JsonGenerator json, PurseStatus purse) throws IOException {
        json.writeNumberField("tokens_today", purse.tokensToday());
        json.writeNumberField("tokens_month", purse.tokensMonth());
        if (purse.currency().isPresent()) {
            json.writeNumberField("cost_today", purse.costToday().decimal());
            json.writeNumberField("cost_month", purse.costMonth().decimal());
            json.writeStringField("currency", purse.currency().get());
        }
        if (purse.budgets().isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("budgets");
        for (PurseStatus.BudgetStatus each : purse.budgets()) {
            json.writeStartObject();
            json.writeStringField("budget", each.budget().word());
            json.writeNumberField("spent", each.spent().decimal());
            json.writeNumberField("limit", each.limit().decimal());
            json.writeStringField("state", each.stateWord());
            Json.time(json, "resets_at", each.resetsAt());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void staff(JsonGenerator json, Staff staff) throws IOException {
        json.writeNumberField("max_workers", staff.max());
        json.writeNumberField("restarts", staff.restarts());
        json.writeArrayFieldStart("workers");
        for (Staff.Member each : staff.members()) {
            json.writeStartObject();
            json.writeNumberField("pid", each.pid());
            json.writeBooleanField("busy", each.isBusy());
            if (each.residentBytes() >= 0) {
                json.writeNumberField("resident_bytes", each.residentBytes());
            }
            json.writeNumberField("turns", each.turns());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** As the configuration takes it. */
    private static String text(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
