package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.NewDelivery;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps the queues of channels within their limits. Safe for many threads. */
final class QueueRoom {
    /** Bodies of young deliveries kept in memory. */
    private static final int KEPT_BODY_BYTES = 4_096;

    private static final int KEPT_BODIES = 2_000;

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

    /** The body, if it may stay in memory until it is sent; null if it is to be read again. */
    @Nullable
    OutboundBody keepable(Prepared prepared) {
        NewDelivery row = prepared.row();
        return row.body().length > KEPT_BODY_BYTES || book.depth(row.lane().channel()) > KEPT_BODIES
                ? null
                : prepared.body();
    }
}
