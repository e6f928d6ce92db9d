package dev.patchbay.api;

/** Somebody who answers. An agent never sees channels, only turns. */
public interface Agent extends AutoCloseable {

    /**
     * Answers one message.
     *
     * <ol>
     *   <li>Called on a virtual thread; turns of one session one after the other, of different sessions side by side. May
     *       block; must give up when interrupted, which the hub does after the agent's {@code timeout}.
     *   <li>May be called again with the same {@link Turn#messageId()} after a crash.
     *   <li>Pieces handed to the sink are shown at once. If any were, they concatenate to the reply's text.
     *   <li>Any exception is a failed turn: the peer never sees its text.
     * </ol>
     *
     * @throws AgentFailed if there is no answer
     */
    Reply reply(Turn turn, ReplySink sink) throws AgentFailed, InterruptedException;

    /** Releases everything. Called once; at most 10 s. */
    @Override
    default void close() {}
}
