package dev.patchbay.hub.gateway.rpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Describes the methods in OpenRPC 1.3.2, from the same declarations that check calls. */
final class OpenRpc {
    private OpenRpc() {}

    static List<RpcMethod> withDiscovery(String version, List<RpcMethod> methods) {
        var all = new ArrayList<>(methods);
        all.add(RpcMethod.named("rpc.discover", Access.TOKEN, "Describes all methods.")
                .harmless()
                .returns("an OpenRPC document")
                .by(call -> json -> Json.tree(json, document(version, all))));
        return all;
    }

    private static Map<String, Object> document(String version, List<RpcMethod> methods) {
        var document = new LinkedHashMap<String, Object>();
        document.put("openrpc", "1.3.2");
        document.put(
                "info",
                ordered(
                        "title", "Patchbay",
                        "version", version,
                        "description", "JSON-RPC 2.0 over POST /rpc and over WebSocket at /ws."));
        document.put("methods", methods.stream().map(OpenRpc::method).toList());
        return document;
    }

    private static Map<String, Object> method(RpcMethod method) {
        return ordered(
                "name", method.name(),
                "summary", method.summary(),
                "description", "Needs: " + needs(method.access()),
                "paramStructure", "either",
                "params", method.parameters().stream().map(OpenRpc::parameter).toList(),
                "result", ordered("name", "result", "schema", ordered("description", method.returns())),
                "errors", errors(method),
                "x-scope", method.access().word(),
                "x-tenants", method.reach() == RpcMethod.Reach.HUB ? "all" : "own");
    }

    private static String needs(Access access) {
        return switch (access) {
            case OPEN -> "nothing.";
            case TOKEN -> "any token.";
            case CHAT, READ, OPERATE, ADMIN -> "a token with scope " + access.word() + ".";
        };
    }

    private static Map<String, Object> parameter(RpcParameter parameter) {
        return ordered(
                "name", parameter.name(),
                "description", parameter.description(),
                "required", parameter.required(),
                "schema", parameter.type().schema());
    }

    private static List<Map<String, Object>> errors(RpcMethod method) {
        var errors = new ArrayList<Map<String, Object>>();
        for (ErrorCode each : ErrorCode.values()) {
            boolean ofTransport = each == ErrorCode.PARSE_ERROR
                    || each == ErrorCode.INVALID_REQUEST
                    || each == ErrorCode.METHOD_NOT_FOUND;
            boolean ofTurns = each == ErrorCode.AGENT_FAILED || each == ErrorCode.AGENT_TIMED_OUT;
            if (!ofTransport && (!ofTurns || method.name().startsWith("chat.send"))) {
                errors.add(ordered("code", each.number(), "message", each.message()));
            }
        }
        return errors;
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
