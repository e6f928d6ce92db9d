package dev.patchbay.api;

import org.jspecify.annotations.Nullable;

/**
 * One connected account on one messaging service, for instance one Telegram bot.
 *
 * <p>A channel may also implement {@link HttpReceiver} to take in requests under its plugin's {@link
 * ChannelPlugin#httpPath()}.
 */
public interface Channel extends AutoCloseable {

    /**
     * Hands one message to the platform and waits for its answer.
     *
     * <ol>
     *   <li>Called by one virtual thread at a time per peer and thread; different peers side by side. May block; must give up
     *       when interrupted.
     *   <li>May be called again with the same {@link OutboundMessage#idempotencyKey()}: at least once, not exactly once.
     *   <li>Returns an outcome for everything the platform said. A thrown exception counts as {@link
     *       DeliveryOutcome.Unknown} and is logged as a plugin fault.
     *   <li>The hub waits at most {@code delivery.attempt-timeout} (30 s), then interrupts and counts the outcome as unknown.
     * </ol>
     */
    DeliveryOutcome deliver(OutboundMessage message) throws InterruptedException;

    /**
     * Finds out whether a message whose attempt was cut off has arrived. Asked at most once before each repeat, under the
     * same bound as {@link #deliver}.
     *
     * @return {@code Delivered} if the platform has it, {@code RetryLater} if it certainly has not (it is sent again without
     *     a mark), {@code Unknown} if nobody can tell (it is sent again, marked as possibly repeated). Others count as
     *     unknown.
     */
    default DeliveryOutcome reconcile(OutboundMessage message) throws InterruptedException {
        return new DeliveryOutcome.Unknown("the platform cannot be asked");
    }

    /**
     * Shows the peer that an answer is being written, for some five seconds; repeated as long as the agent works. Only with {@link
     * Capability#TYPING}. A courtesy: what goes wrong is ignored.
     */
    default void typing(Peer to, @Nullable String threadId) throws InterruptedException {}

    /**
     * Shows an answer while it grows: the first time as a new message, then as a change of that one. Only with {@link
     * Capability#DRAFTS}, at most once per second and peer, and only while nothing else waits to be sent to the peer. The whole
     * answer comes later through {@link #deliver} with {@link OutboundMessage#draftId()} and must replace the draft.
     *
     * @return {@code Delivered} with the draft's id, anything else if it is not shown
     */
    default DeliveryOutcome draft(Draft draft) throws InterruptedException {
        return new DeliveryOutcome.Refused("no drafts here");
    }

    /**
     * Takes a draft away, because the agent has failed and no answer will take its place. A courtesy, like {@link #typing}.
     *
     * @param draft its {@code remoteId} is never null, its text is empty
     */
    default void retract(Draft draft) throws InterruptedException {}

    /** Ends receiving, then releases everything. Called once; at most 10 s. No message is delivered after it returns. */
    @Override
    void close();
}
