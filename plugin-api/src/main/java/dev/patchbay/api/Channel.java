package dev.patchbay.api;

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

    /** Ends receiving, then releases everything. Called once; at most 10 s. No message is delivered after it returns. */
    @Override
    void close();
}
