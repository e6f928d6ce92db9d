package dev.patchbay.hub.gateway.rpc;

/** The way to a client that takes more than answers. Safe for many threads. */
public interface EventStream {

    /**
     * Queues one JSON text. Never blocks.
     *
     * @return false if the client is gone, or so slow that it is given up
     */
    boolean send(byte[] json);

    /**
     * Waits until little is queued, so that a long replay does not look like a slow reader.
     *
     * @return false if the client is gone, or did not read in time
     */
    boolean awaitRoom() throws InterruptedException;

    /** Whether it outlives the answer, so that subscribing makes sense. */
    boolean isLasting();

    /** Runs once when the client has gone; at once if it has gone already. Must not block. */
    void onClose(Runnable action);
}
