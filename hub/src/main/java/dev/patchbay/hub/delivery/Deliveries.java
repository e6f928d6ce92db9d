package dev.patchbay.hub.delivery;

import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.hub.delivery.LaneBook.Account;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.Alarm;
import dev.patchbay.hub.lane.SortableIds;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.AttemptEnd;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Enqueued;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out: takes messages, keeps them on disk, sends each lane in order and never gives up silently. Safe for many threads.
 */
public final class Deliveries {
    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    /** Lanes of one account that are sent from at once: enough to hide slow peers, few enough to be kind to a platform. */
    private static final int ACTIVE_PER_ACCOUNT = 256;

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);
    private static final int PAGE = 1_000;

    /** Bodies of young deliveries kept in memory, in characters. */
    private static final int KEPT_BODY_CHARS = 4_096;

    private static final int KEPT_BODIES = 2_000;

    private final Store store;
    private final Outlets outlets;
    private final Function<String, DeliveryPolicy> policies;
    private final Attempts attempts;
    private final SortableIds ids;
    private final Clock clock;
    private final Alarm alarm;
    private final Executor threads;
    private final World world;
    private final Meters meters;
    private final LaneBook book = new LaneBook(ACTIVE_PER_ACCOUNT);
    private final AtomicBoolean overEighty = new AtomicBoolean();
    private volatile boolean stopping;

    /**
     * A queue that sends nothing before {@link #start}.
     *
     * @param policies how the queue of a channel behaves; asked often
     */
    public Deliveries(
            Store store,
            Outlets outlets,
            Function<String, DeliveryPolicy> policies,
            Events events,
            Meters meters,
            World world) {
        this.store = store;
        this.outlets = outlets;
        this.policies = policies;
        this.attempts = new Attempts(store, policies, new Attempts.Report(events, meters), world);
        this.ids = new SortableIds(world.clock(), world.random());
        this.clock = world.clock();
        this.alarm = world.alarm();
        this.threads = world.threads();
        this.world = world;
        this.meters = meters;
    }

    // ---- queueing

    /**
     * Makes the row of a message, to be stored by whoever has the transaction, and then announced by {@link #stored}.
     *
     * @throws DeliveryRefused if the account is unknown or cannot send, or there is nothing to send
     */
    public NewDelivery prepare(Outbound message) throws DeliveryRefused {
        Outlets.Traits traits = outlets.traits(message.channel(), message.accountId())
                .orElseThrow(() -> new DeliveryRefused(
                        DeliveryRefused.Reason.UNKNOWN_ACCOUNT,
                        "channel " + message.channel() + " has no account " + message.accountId()));
        if (!traits.can(Capability.SEND)) {
            throw new DeliveryRefused(
                    DeliveryRefused.Reason.CANNOT_SEND,
                    "account " + message.accountId() + " of channel " + message.channel() + " cannot send");
        }
        OutboundBody body = OutboundBody.of(message, traits);
        int parts = body.parts().size();
        if (body.text().isBlank() && body.attachments().isEmpty()) {
            throw new DeliveryRefused(DeliveryRefused.Reason.EMPTY, "the text is blank");
        }
        // As exact as the store keeps it: what is sent must read the same after a restart.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Duration ttl = message.ttl().orElse(policies.apply(message.channel()).ttl());
        return new NewDelivery(
                ids.next(),
                lane(message),
                message.messageId(),
                message.sessionKey(),
                body.toJson(),
                parts,
                now,
                now.plus(ttl),
                message.isPossiblyRepeated());
    }

    /** Begins to show a turn to the peer who waits for its answer, as far as the platform can. */
    public Showing show(Outbound answer, String messageId, Showing.Left left) {
        Outlets.Traits traits =
                outlets.traits(answer.channel(), answer.accountId()).orElse(null);
        if (traits == null || !(traits.can(Capability.DRAFTS) || traits.can(Capability.TYPING))) {
            return Showing.NOTHING;
        }
        return new LiveShowing(
                new LiveShowing.Audience(messageId, lane(answer), answer.replyTo()),
                left,
                outlets,
                traits,
                this::mayShow,
                store,
                world);
    }

    /** Whether something may be shown in a lane now: nothing waits in it, so nothing is overtaken. */
    boolean mayShow(LaneKey lane) {
        return !stopping && book.isEmpty(lane);
    }

    /** Whether the account can send at all. */
    public boolean canSend(String channel, String accountId) {
        return outlets.traits(channel, accountId)
                .map(traits -> traits.can(Capability.SEND))
                .orElse(false);
    }

    /** Takes up a prepared delivery that has been stored under {@code seq}. */
    public void stored(NewDelivery delivery, long seq) {
        var ref = new DeliveryRef(
                seq,
                delivery.deliveryId(),
                delivery.lane(),
                DeliveryState.PENDING,
                0,
                delivery.parts(),
                0,
                delivery.createdAt(),
                delivery.createdAt(),
                delivery.expiresAt(),
                delivery.possiblyRepeated());
        if (delivery.possiblyRepeated()) {
            meters.outbound(delivery.lane().channel(), "possibly_repeated");
        }
        open(new QueuedDelivery(ref, keepable(delivery), delivery.sessionKey()));
    }

    /**
     * Stores and takes up a message of nobody's turn.
     *
     * @throws DeliveryRefused if it was not queued
     * @throws StoreException if it could not be stored
     */
    public Enqueued send(Outbound message, Optional<DedupKey> dedup) throws DeliveryRefused, InterruptedException {
        if (stopping) {
            throw new DeliveryRefused(DeliveryRefused.Reason.SHUTTING_DOWN, "the hub is shutting down");
        }
        NewDelivery delivery = prepare(message);
        makeRoom(message.channel());
        Enqueued enqueued = store.enqueue(delivery, dedup);
        if (!enqueued.duplicate()) {
            stored(delivery, enqueued.seq());
        }
        return enqueued;
    }

    /** Whether the channel's queue takes one more, or would drop an older one for it. */
    public boolean hasRoom(String channel) {
        DeliveryPolicy policy = policies.apply(channel);
        return policy.dropOldest() || book.depth(channel) < policy.queueLimit();
    }

    // ---- operating

    /** Makes dead deliveries pending again and waiting ones due now; how many. */
    public int retry(DeliveryFilter filter) throws InterruptedException {
        int moved = 0;
        Instant now = clock.instant();
        for (List<String> page = firstPage(filter, DeliveryState.DEAD); !page.isEmpty(); ) {
            List<DeliveryRef> redriven = store.redrive(page, now);
            redriven.forEach(ref -> open(new QueuedDelivery(ref)));
            moved += redriven.size();
            page = redriven.isEmpty() ? List.of() : firstPage(filter, DeliveryState.DEAD);
        }
        for (StoredDelivery each : allOpen(filter)) {
            QueuedDelivery waiting = book.take(each.ref().lane(), each.ref().deliveryId());
            if (waiting != null) {
                waiting.notBefore = now;
                settle(waiting.lane, book.putBack(waiting, now));
                moved++;
            }
        }
        return moved;
    }

    /** Ends pending and dead deliveries for good; how many. One that is being sent is left alone. */
    public int discard(DeliveryFilter filter) throws InterruptedException {
        int moved = 0;
        Instant now = clock.instant();
        for (List<String> page = firstPage(filter, DeliveryState.DEAD); !page.isEmpty(); ) {
            int ended = store.end(page, DeliveryState.DISCARDED, "discarded by an operator", now)
                    .size();
            moved += ended;
            page = ended == 0 ? List.of() : firstPage(filter, DeliveryState.DEAD);
        }
        for (StoredDelivery each : allOpen(filter)) {
            QueuedDelivery waiting = book.take(each.ref().lane(), each.ref().deliveryId());
            if (waiting != null && end(waiting, DeliveryState.DISCARDED, "discarded by an operator")) {
                moved++;
            }
        }
        return moved;
    }

    public QueueDepth depth(String channel, String accountId) {
        return book.depth(new Account(channel, accountId));
    }

    /** Open deliveries of a channel. */
    public int depth(String channel) {
        return book.depth(channel);
    }

    /** Age of the oldest open delivery of a channel; zero if none is open. */
    public Duration oldest(String channel) {
        return book.oldest(channel, clock.instant());
    }

    // ---- running

    /** Takes up everything that is open in the store and starts sending. Called once. */
    public void start() throws InterruptedException {
        long after = 0;
        int found = 0;
        for (List<DeliveryRef> page = store.openDeliveries(after, PAGE); !page.isEmpty(); ) {
            for (DeliveryRef ref : page) {
                open(new QueuedDelivery(ref));
            }
            found += page.size();
            after = page.getLast().seq();
            page = store.openDeliveries(after, PAGE);
        }
        if (found > 0) {
            log.info("Took up {} open deliveries", found);
        }
        tick();
    }

    /** Starts no attempt any more and waits for those under way; false if some are still not over. */
    public boolean drain(Duration wait) throws InterruptedException {
        stopping = true;
        return book.awaitQuiet(wait);
    }

    private void tick() {
        if (stopping) {
            return;
        }
        book.readyAccounts().forEach(this::dispatch);
        List<QueuedDelivery> expired = book.takeExpired(clock.instant(), PAGE);
        if (!expired.isEmpty()) {
            threads.execute(() -> expired.forEach(this::expireWhileWaiting));
        }
        alarm.at(clock.instant().plus(TICK), this::tick);
    }

    private void open(QueuedDelivery delivery) {
        settle(delivery.lane, book.add(delivery, clock.instant()));
        watchDepth(delivery.lane.channel());
    }

    private void settle(LaneKey lane, Optional<Instant> wakeAt) {
        if (wakeAt.isPresent()) {
            alarm.at(wakeAt.get(), () -> settle(lane, book.wake(lane, clock.instant())));
        } else {
            dispatch(Account.of(lane));
        }
    }

    private void dispatch(Account account) {
        while (!stopping && outlets.open(account.channel(), account.accountId()).isPresent()) {
            LaneKey lane = book.activate(account, clock.instant());
            if (lane == null) {
                return;
            }
            threads.execute(() -> work(lane));
        }
    }

    private void work(LaneKey lane) {
        Account account = Account.of(lane);
        boolean hadShare = false;
        while (true) {
            Optional<Channel> channel = stopping ? Optional.empty() : outlets.open(lane.channel(), lane.accountId());
            if (channel.isEmpty()) {
                book.giveBack(lane, null);
                return;
            }
            switch (book.next(lane, clock.instant(), hadShare)) {
                case LaneBook.Step.Leave() -> {
                    dispatch(account);
                    return;
                }
                case LaneBook.Step.Sleep(Instant until) -> {
                    alarm.at(until, () -> settle(lane, book.wake(lane, clock.instant())));
                    dispatch(account);
                    return;
                }
                case LaneBook.Step.Expire(QueuedDelivery head) ->
                    end(head, DeliveryState.EXPIRED, "not delivered in time");
                case LaneBook.Step.Send(QueuedDelivery head) -> {
                    if (!send(head, channel.get(), account)) {
                        return;
                    }
                }
            }
            hadShare = true;
        }
    }

    private boolean send(QueuedDelivery head, Channel channel, Account account) {
        try {
            switch (attempts.run(head, channel)) {
                case Attempts.Next.Over over -> book.remove(head, clock.instant());
                case Attempts.Next.Again(Instant notBefore) -> {
                    head.notBefore = notBefore;
                    book.postpone(head);
                }
                case Attempts.Next.AccountAgain(Instant notBefore) -> {
                    head.notBefore = notBefore;
                    book.pause(account, notBefore);
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
            log.warn("Delivery {} waits for the store: {}", head.id, notStored.getMessage());
            head.notBefore = clock.instant().plus(STORE_PAUSE);
            book.postpone(head);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            book.giveBack(head.lane, head);
            return false;
        } catch (RuntimeException | Error failure) {
            log.error("Delivery {} cannot be tried", head.id, failure);
            end(head, DeliveryState.DEAD, "internal error; the log has the details");
            return true;
        }
    }

    private void expireWhileWaiting(QueuedDelivery taken) {
        end(taken, DeliveryState.EXPIRED, "not delivered in time");
    }

    /** Ends a busy delivery that was never sent; puts it back if the store will not take that now. */
    private boolean end(QueuedDelivery busy, DeliveryState state, String reason) {
        Instant now = clock.instant();
        try {
            store.attemptEnded(new AttemptEnd(
                    busy.id,
                    state,
                    busy.attempts,
                    busy.partsDone,
                    state.word(),
                    reason,
                    null,
                    now,
                    now,
                    busy.repeated));
            meters.outbound(busy.lane.channel(), state.word());
            settle(busy.lane, book.remove(busy, now));
            return true;
        } catch (StoreException notStored) {
            log.warn("Delivery {} could not be ended: {}", busy.id, notStored.getMessage());
            busy.notBefore = now.plus(STORE_PAUSE);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        settle(busy.lane, book.putBack(busy, now));
        return false;
    }

    private void makeRoom(String channel) throws DeliveryRefused {
        DeliveryPolicy policy = policies.apply(channel);
        while (book.depth(channel) >= policy.queueLimit()) {
            QueuedDelivery oldest = policy.dropOldest() ? book.takeOldest(channel) : null;
            if (oldest == null || !end(oldest, DeliveryState.DISCARDED, "queue full")) {
                throw new DeliveryRefused(
                        DeliveryRefused.Reason.FULL,
                        "the queue of channel " + channel + " holds " + policy.queueLimit()
                                + " messages; wait, or raise delivery.queue-limit");
            }
        }
    }

    private void watchDepth(String channel) {
        boolean over = book.depth(channel) >= policies.apply(channel).queueLimit() * 0.8;
        if (over && overEighty.compareAndSet(false, true)) {
            log.warn("The queue of channel {} is more than 80 % full", channel);
        } else if (!over) {
            overEighty.set(false);
        }
    }

    private List<String> firstPage(DeliveryFilter filter, DeliveryState state) throws InterruptedException {
        if (!filter.states().isEmpty() && !filter.states().contains(state)) {
            return List.of();
        }
        return store.deliveries(with(filter, Set.of(state)), PAGE, Optional.empty()).items().stream()
                .map(each -> each.ref().deliveryId())
                .toList();
    }

    private List<StoredDelivery> allOpen(DeliveryFilter filter) throws InterruptedException {
        if (!filter.states().isEmpty() && !filter.states().contains(DeliveryState.PENDING)) {
            return List.of();
        }
        var open = new ArrayList<StoredDelivery>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<StoredDelivery> page = store.deliveries(with(filter, Set.of(DeliveryState.PENDING)), PAGE, cursor);
            open.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return open;
    }

    private static DeliveryFilter with(DeliveryFilter filter, Set<DeliveryState> states) {
        return new DeliveryFilter(
                states, filter.channel(), filter.accountId(), filter.toKind(), filter.to(), filter.deliveryId());
    }

    private static LaneKey lane(Outbound message) {
        return new LaneKey(
                message.channel(),
                message.accountId(),
                message.to().kind().word(),
                message.to().id(),
                message.threadId());
    }

    private @Nullable OutboundBody keepable(NewDelivery delivery) {
        if (delivery.body().length > KEPT_BODY_CHARS
                || book.depth(delivery.lane().channel()) > KEPT_BODIES) {
            return null;
        }
        try {
            return OutboundBody.fromJson(delivery.body());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
