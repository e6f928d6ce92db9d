package dev.patchbay.hub.gateway.rpc;

/** A parameter, or a member of a structured one. */
public record RpcParameter(String name, RpcType type, boolean required, String description) {

    public static RpcParameter required(String name, RpcType type, String description) {
        return new RpcParameter(name, type, true, description);
    }

    public static RpcParameter optional(String name, RpcType type, String description) {
        return new RpcParameter(name, type, false, description);
    }
}
