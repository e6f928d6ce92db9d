package dev.patchbay.hub.gateway.rpc;

/**
 * What goes back to the client.
 *
 * @param json UTF-8; empty if nothing is to be answered
 * @param code 0 for a result, else the number of the error; of a batch the one that all its answers share, else 0; without
 *     answers that of UNAUTHORISED if a notification came without a token that it needs, else 0
 * @param retryAfterMillis when to try again, 0 if that is not said
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record RpcAnswer(byte[] json, int code, long retryAfterMillis) {
    static final RpcAnswer NOTHING = new RpcAnswer(new byte[0], 0, 0);

    /** Nothing either, because nothing was asked; a transport that can say so in another way does. */
    static final RpcAnswer NOTHING_UNAUTHORISED = new RpcAnswer(new byte[0], ErrorCode.UNAUTHORISED.number(), 0);

    public boolean isNothing() {
        return json.length == 0;
    }

    /** What becomes of a notification that failed: its sender has not asked for an answer. */
    static RpcAnswer untold(RpcException error) {
        return error.code() == ErrorCode.UNAUTHORISED ? NOTHING_UNAUTHORISED : NOTHING;
    }

    /** An answer to a text that cannot be read, or will not be. */
    public static RpcAnswer error(RpcException error) {
        return error("null", error);
    }

    static RpcAnswer error(String id, RpcException error) {
        byte[] json = Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("jsonrpc", "2.0");
            out.writeObjectFieldStart("error");
            out.writeNumberField("code", error.code().number());
            out.writeStringField("message", error.code().message());
            if (!error.data().isEmpty()) {
                out.writeFieldName("data");
                Json.tree(out, error.data());
            }
            out.writeEndObject();
            out.writeFieldName("id");
            out.writeRawValue(id);
            out.writeEndObject();
        });
        long wait = error.data().get("retry_after_ms") instanceof Number millis ? millis.longValue() : 0;
        return new RpcAnswer(json, error.code().number(), wait);
    }

    static RpcAnswer result(String id, RpcResult result) {
        byte[] json = Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("jsonrpc", "2.0");
            out.writeFieldName("result");
            result.write(out);
            out.writeFieldName("id");
            out.writeRawValue(id);
            out.writeEndObject();
        });
        return new RpcAnswer(json, 0, 0);
    }
}
