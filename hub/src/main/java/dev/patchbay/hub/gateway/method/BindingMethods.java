package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.routing.Binding;
import dev.patchbay.hub.routing.BindingProblem;
import dev.patchbay.hub.routing.NotRoutable;
import dev.patchbay.hub.routing.RouteExplanation;
import dev.patchbay.hub.routing.RouteQuery;
import dev.patchbay.hub.session.Bindings;
import dev.patchbay.hub.tenant.Visibility;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The table of bindings: shown, explained, replaced, taken back. */
public final class BindingMethods {
    private static final int RULES_MAX = 10_000;
    private static final int ROLES_MAX = 1_000;
    private static final ObjectMapper TREES = new ObjectMapper();

    private final Bindings bindings;

    public BindingMethods(Bindings bindings) {
        this.bindings = bindings;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("bindings.list", Access.READ, "Shows the rules in force, in their order.")
                        .seen()
                        .returns("bindings[{index, agent, match, session?}], source (file|api)")
                        .by(call -> list(List.of(), call.caller().sees())),
                RpcMethod.named("bindings.explain", Access.READ, "Says who would answer, where, and why.")
                        .seen()
                        .takes(
                                Params.name("channel", "the channel"),
                                RpcParameter.required("peer", Params.PEER, "whom the message would be from"),
                                Params.maybe("account_id", "the account; default unless said"),
                                RpcParameter.optional("parent_peer", Params.PEER, "what a thread hangs on"),
                                Params.maybe("guild", "the server"),
                                Params.maybe("team", "the workspace"),
                                RpcParameter.optional(
                                        "roles", new RpcType.ListOf(RpcType.name(), ROLES_MAX), "of the sender"),
                                Params.maybe("thread_id", "thread or topic"))
                        .returns("agent_id, tier, binding?, session_key, considered[]")
                        .by(this::explain),
                RpcMethod.named("bindings.set", Access.ADMIN, "Replaces the rules at once and for later starts.")
                        .takes(RpcParameter.required(
                                "bindings",
                                new RpcType.ListOf(new RpcType.Tree(), RULES_MAX),
                                "the rules as in the configuration"))
                        .returns("as bindings.list, with warnings[]")
                        .by(this::set),
                RpcMethod.named("bindings.reset", Access.ADMIN, "Goes back to the rules of the file.")
                        .returns("as bindings.list")
                        .by(call -> {
                            bindings.reset(call.caller().name());
                            return list(List.of(), call.caller().sees());
                        }));
    }

    private RpcResult list(List<BindingProblem> warnings, Visibility sees) {
        var rules = bindings.router().seenBy(sees).table().bindings();
        String source = bindings.source().name().toLowerCase(Locale.ROOT);
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("bindings");
            for (Binding each : rules) {
                write(json, each);
            }
            json.writeEndArray();
            json.writeStringField("source", source);
            json.writeArrayFieldStart("warnings");
            for (BindingProblem each : warnings) {
                json.writeString(each.key() + ": " + each.message() + "; " + each.cure());
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private RpcResult set(RpcCall call) throws RpcException, InterruptedException {
        List<?> rules = TREES.convertValue(call.tree("bindings"), List.class);
        List<BindingProblem> problems = bindings.set(rules, call.caller().name());
        for (BindingProblem each : problems) {
            if (each.isError()) {
                throw RpcException.invalid(each.key(), each.message() + "; " + each.cure());
            }
        }
        return list(problems, call.caller().sees());
    }

    private RpcResult explain(RpcCall call) throws RpcException {
        RouteExplanation explained;
        try {
            explained = bindings.router().seenBy(call.caller().sees()).explain(query(call));
        } catch (NotRoutable wrong) {
            throw RpcException.invalid("peer", String.valueOf(wrong.getMessage()));
        }
        var route = explained.route();
        return json -> {
            json.writeStartObject();
            json.writeStringField("agent_id", route.agentId());
            json.writeStringField("tier", route.tier().word());
            Binding winner = route.binding();
            if (winner != null) {
                json.writeFieldName("binding");
                write(json, winner);
            }
            json.writeStringField("session_key", route.sessionKey().toString());
            json.writeArrayFieldStart("considered");
            for (RouteExplanation.Considered each : explained.considered()) {
                json.writeStartObject();
                json.writeNumberField("index", each.index());
                json.writeStringField("agent_id", each.agentId());
                json.writeStringField("tier", each.tier().word());
                json.writeBooleanField("matched", each.matched());
                json.writeStringField("reason", each.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private static RouteQuery query(RpcCall call) throws RpcException {
        var roles = new ArrayList<String>();
        call.tree("roles").forEach(each -> roles.add(each.asText()));
        Peer peer = Objects.requireNonNull(Params.peer(call, "peer"), "required");
        return new RouteQuery(
                call.text("channel"),
                call.textOrNull("account_id"),
                peer,
                Params.peer(call, "parent_peer"),
                call.textOrNull("guild"),
                call.textOrNull("team"),
                roles,
                call.textOrNull("thread_id"));
    }

    private static void write(JsonGenerator json, Binding binding) throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", binding.index());
        for (var each : binding.tree().entrySet()) {
            json.writeFieldName(each.getKey());
            Json.tree(json, each.getValue());
        }
        json.writeEndObject();
    }
}
