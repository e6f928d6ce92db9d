package dev.patchbay.hub.gateway.rpc;

import java.util.LinkedHashMap;
import java.util.Map;

/** An error as the caller sees it; message and data hold nothing internal. */
public final class RpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, Object> data;

    private RpcException(ErrorCode code, String message, Map<String, Object> data) {
        // Expected and frequent under attack: no stack, nobody reads it.
        super(message, null, false, false);
        this.code = code;
        this.data = data;
    }

    /** An error with its usual message and a reason in {@code data}. */
    public static RpcException of(ErrorCode code, String reason) {
        return new RpcException(code, code.message(), Map.of("reason", reason));
    }

    /** A parameter that cannot be used. */
    public static RpcException invalid(String parameter, String reason) {
        var data = new LinkedHashMap<String, Object>();
        data.put("parameter", parameter);
        data.put("reason", reason);
        return new RpcException(ErrorCode.INVALID_PARAMS, ErrorCode.INVALID_PARAMS.message(), data);
    }

    static RpcException internal(String reference) {
        return new RpcException(ErrorCode.INTERNAL, ErrorCode.INTERNAL.message(), Map.of("reference", reference));
    }

    /** The same error with one more member in {@code data}; text, numbers and flags only. */
    public RpcException with(String member, Object value) {
        var more = new LinkedHashMap<>(data);
        more.put(member, value);
        return new RpcException(code, code.message(), more);
    }

    public ErrorCode code() {
        return code;
    }

    /** Members of the error's {@code data}, in order. */
    public Map<String, Object> data() {
        return data;
    }
}
