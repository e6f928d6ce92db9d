package dev.patchbay.hub.delivery;

import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.NewDelivery;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the queues of channels within their limits. Safe for many threads. */
final class QueueRoom {
    private static final Logger log = LoggerFactory.getLogger(QueueRoom.class);

    /** Bodies of young deliveries kept in memory. */
    private static final int KEPT_BODY_BYTES = 4_096;

    private static final int KEPT_BODIES = 2_000;

    private final LaneBook book;
    private final Endings endings;
    private final Function<String, DeliveryPolicy> policies;
    private final AtomicBoolean overEighty = new AtomicBoolean();

    QueueRoom(LaneBook book, Endings endings, Function<String, DeliveryPolicy> policies) {
        this.book = book;
        this.endings = endings;
        this.policies = policies;
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

    /** One more is in a channel's queue; warns once when it gets full. */
    void watch(String channel) {
        boolean over = book.depth(channel) >= policies.apply(channel).queueLimit() * 0.8;
        if (over && overEighty.compareAndSet(false, true)) {
            log.warn("The queue of channel {} is more than 80 % full", channel);
        } else if (!over) {
            overEighty.set(false);
        }
    }
}
