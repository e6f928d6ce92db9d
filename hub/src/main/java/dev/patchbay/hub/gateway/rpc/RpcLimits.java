package dev.patchbay.hub.gateway.rpc;

/** Bounds that the protocol promises. */
public final class RpcLimits {
    /** Longest request, in bytes, over any transport. */
    public static final int BODY_BYTES = 10 * 1024 * 1024;

    /** Longest request that is looked at without a token: enough for {@code health} with room to spare. */
    public static final int ANONYMOUS_BODY_BYTES = 64 * 1024;

    /** Requests in one batch. */
    public static final int BATCH = 100;

    /** Values in one request; keeps a body of 10 MB from becoming hundreds of megabytes of objects. */
    static final int VALUES = 200_000;

    /** Longest text as an id. */
    static final int ID_CHARS = 1_024;

    /** Bytes of all answers of one batch together. */
    static final int BATCH_ANSWER_BYTES = 32 * 1024 * 1024;

    private RpcLimits() {}
}
