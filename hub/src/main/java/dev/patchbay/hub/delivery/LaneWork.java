package dev.patchbay.hub.delivery;

import dev.patchbay.api.Channel;
import dev.patchbay.hub.memory.ByteBudget;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits in one lane, one after the other; whatever breaks, the lane goes on. Safe for many threads, each with a lane of
 * its own.
 */
final class LaneWork {
    private static final Logger log = LoggerFactory.getLogger(LaneWork.class);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

    /** A delivery that the hub itself breaks so often is a dead letter. */
    private static final int BREAKDOWNS_MAX = 3;

    private final LaneBook book;
    private final Attempts attempts;
    private final Endings endings;
    private final Clock clock;
    private final Doors doors;

    /** What long messages may occupy together while they are being sent; the others wait. */
    private final ByteBudget bodies = ByteBudget.ofHeap(0.15);

    private final Seldom storeTold = new Seldom();

    /**
     * What a lane needs of all others.
     *
     * @param channel through which an account may send now; empty if it may not
     * @param onwards starts the account's next lane
     */
    record Doors(Function<Account, Optional<Channel>> channel, Consumer<Account> onwards) {}

    LaneWork(LaneBook book, Attempts attempts, Endings endings, Clock clock, Doors doors) {
        this.book = book;
        this.attempts = attempts;
        this.endings = endings;
        this.clock = clock;
        this.doors = doors;
    }

    /** Sends until nothing of the lane is due, its share is over, or it may not send any more. */
    void run(LaneKey lane) {
        Account account = Account.of(lane);
        boolean hadShare = false;
        while (true) {
            Optional<Channel> channel = doors.channel().apply(account);
            if (channel.isEmpty()) {
                book.giveBack(lane, null, clock.instant());
                return;
            }
            switch (book.next(lane, clock.instant(), hadShare)) {
                case LaneBook.Step.Leave() -> {
                    doors.onwards().accept(account);
                    return;
                }
                case LaneBook.Step.Expire(QueuedDelivery head) ->
                    endings.end(head, DeliveryState.EXPIRED, "not delivered in time");
                case LaneBook.Step.Send(QueuedDelivery head) -> {
                    if (!send(head, channel.get())) {
                        return;
                    }
                }
            }
            hadShare = true;
        }
    }

    private boolean send(QueuedDelivery head, Channel channel) {
        try (ByteBudget.Share memory = bodies.share()) {
            memory.await(head.bodyBytes);
            switch (attempts.run(head, channel)) {
                case Attempts.Next.Over over -> book.remove(head, clock.instant());
                case Attempts.Next.Again(Instant notBefore) -> {
                    head.notBefore = notBefore;
                    book.postpone(head);
                }
            }
            return true;
        } catch (StoreException notStored) {
            if (notStored.kind() == StoreException.Kind.CONFLICT) {
                // Somebody else has ended it: the row is the truth, and nothing was sent after its end.
                log.warn("Delivery {} is over: {}", head.id, notStored.getMessage());
                book.remove(head, clock.instant());
                return true;
            }
            // What was done is remembered in the delivery itself; only this lane waits for the store.
            storeTold.tell(
                    more -> log.warn("Delivery {} waits for the store{}: {}", head.id, more, notStored.getMessage()));
            head.notBefore = clock.instant().plus(STORE_PAUSE);
            book.postpone(head);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            book.giveBack(head.lane, head, clock.instant());
            return false;
        } catch (RuntimeException | Error failure) {
            log.error("Delivery {} cannot be tried", head.id, failure);
            head.breakdowns++;
            if (head.breakdowns < BREAKDOWNS_MAX) {
                head.notBefore = clock.instant().plus(STORE_PAUSE);
                book.postpone(head);
                return true;
            }
            endings.end(head, DeliveryState.DEAD, "internal error; the log has the details");
            return true;
        }
    }
}
