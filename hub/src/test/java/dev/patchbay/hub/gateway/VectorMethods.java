package dev.patchbay.hub.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import java.util.List;

/** The methods that the conformance vectors call. */
final class VectorMethods {
    private static final RpcType NUMBER = new RpcType.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);

    private VectorMethods() {}

    static List<RpcMethod> all() {
        return List.of(
                method("subtract")
                        .takes(
                                RpcParameter.required("minuend", NUMBER, "from this"),
                                RpcParameter.required("subtrahend", NUMBER, "this"))
                        .by(call -> {
                            int difference = call.number("minuend", 0) - call.number("subtrahend", 0);
                            return json -> json.writeNumber(difference);
                        }),
                method("sum").takesAnything().by(call -> sum(call.tree(RpcMethod.PARAMS))),
                method("notify_hello").takesAnything().by(call -> RpcResult.NULL),
                method("notify_sum").takesAnything().by(call -> RpcResult.NULL),
                method("update").takesAnything().by(call -> RpcResult.NULL),
                method("get_null").by(call -> RpcResult.NULL),
                method("get_data").by(call -> json -> {
                    json.writeStartArray();
                    json.writeString("hello");
                    json.writeNumber(5);
                    json.writeEndArray();
                }),
                method("boom").by(call -> {
                    throw new IllegalStateException("secret detail");
                }),
                method("echo").takesAnything().by(call -> json -> json.writeTree(call.tree(RpcMethod.PARAMS))),
                RpcMethod.named("health", Access.OPEN, "says ok").by(call -> json -> {
                    json.writeStartObject();
                    json.writeStringField("status", "ok");
                    json.writeEndObject();
                }));
    }

    private static RpcMethod.Builder method(String name) {
        return RpcMethod.named(name, Access.CHAT, "for the vectors");
    }

    private static RpcResult sum(JsonNode numbers) throws RpcException {
        long sum = 0;
        for (JsonNode each : numbers) {
            if (!each.isIntegralNumber()) {
                throw RpcException.invalid("numbers", "holds what is no whole number");
            }
            sum += each.longValue();
        }
        long total = sum;
        return json -> json.writeNumber(total);
    }
}
