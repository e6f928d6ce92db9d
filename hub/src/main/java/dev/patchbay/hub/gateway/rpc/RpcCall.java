package dev.patchbay.hub.gateway.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of a method, its parameters checked and by name.
 *
 * @param params only declared parameters, none of them null
 */
public record RpcCall(RpcClient client, ObjectNode params) {

    public Caller caller() {
        return client.caller();
    }

    /** A required text. */
    public String text(String name) {
        return params.path(name).asText();
    }

    public @Nullable String textOrNull(String name) {
        return params.has(name) ? params.path(name).asText() : null;
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable(textOrNull(name));
    }

    public int number(String name, int otherwise) {
        return params.path(name).asInt(otherwise);
    }

    public boolean flag(String name) {
        return params.path(name).asBoolean(false);
    }

    /** A structured parameter; a missing node if it was not given. */
    public JsonNode tree(String name) {
        return params.path(name);
    }
}
