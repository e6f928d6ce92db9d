package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryState;
import java.util.function.Function;

/** Keeps the queues of channels within their limits. Safe for many threads. */
final class QueueRoom {
    private final LaneBook book;
    private final Endings endings;
    private final Function<String, DeliveryPolicy> policies;

    QueueRoom(LaneBook book, Endings endings, Function<String, DeliveryPolicy> policies) {
        this.book = book;
        this.endings = endings;
        this.policies = policies;
    }

    /** How full a channel's queue is: 1 is its limit. */
    double filled(String channel) {
        return (double) book.depth(channel) / policies.apply(channel).queueLimit();
    }

    /**
     * Sees to it that one more fits into a channel's queue.
     *
     * @throws DeliveryRefused if none does
     */
    void make(String channel) throws DeliveryRefused {
        DeliveryPolicy policy = policies.apply(channel);
        while (book.depth(channel) >= policy.queueLimit()) {
            QueuedDelivery oldest = policy.dropOldest() ? book.takeOldest(channel) : null;
            if (oldest == null || !endings.end(oldest, DeliveryState.DISCARDED, "queue full")) {
                throw new DeliveryRefused(
                        DeliveryRefused.Reason.FULL,
                        "the queue of channel " + channel + " holds " + policy.queueLimit()
                                + " messages; wait, or raise delivery.queue-limit");
            }
        }
    }
}
