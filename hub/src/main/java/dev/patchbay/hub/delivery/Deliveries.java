package dev.patchbay.hub.delivery;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Capability;
import dev.patchbay.api.Channel;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Peer;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.Alarm;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.DedupKey;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.Enqueued;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
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

    /** The same while a hub starts: enough to begin, few enough to leave the processors to those who read what else there is. */
    private static final int ACTIVE_WHILE_READING = 2;

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration TIDY = Duration.ofSeconds(10);
    private static final int PAGE = 1_000;

    private final Store store;
    private final Outlets outlets;
    private final Function<String, DeliveryPolicy> policies;
    private final Attempts attempts;
    private final Preparation preparation;
    private final Clock clock;
    private final Alarm alarm;
    private final Executor threads;
    private final World world;
    private final Meters meters;
    private final LaneBook book = new LaneBook(ACTIVE_WHILE_READING);
    private final Pacer pacer;
    private final Endings endings;
    private final QueueRoom room;

    private final LaneWork work;
    private final Interventions interventions;
    private Instant nextTidy = Instant.EPOCH;
    private volatile boolean stopping;

    /**
     * A queue that sends nothing before {@link #start}.
     *
     * @param policies how the queue of a channel behaves; asked often
     * @param fileLines says in a line of text what an attachment is, for channels that carry none
     */
    public Deliveries(
            Store store,
            Outlets outlets,
            Function<String, DeliveryPolicy> policies,
            Function<Attachment, String> fileLines,
            Events events,
            Meters meters,
            World world) {
        this.store = store;
        this.outlets = outlets;
        this.policies = policies;
        this.pacer = new Pacer(book, store, meters, world);
        this.attempts = new Attempts(store, policies, pacer, new Attempts.Report(events, meters), world);
        this.endings = new Endings(book, store, meters, world.clock(), this::dispatch);
        this.room = new QueueRoom(book, endings, policies);
        this.interventions = new Interventions(
                book, store, endings, world.clock(), new Interventions.Onwards(this::open, this::dispatch));
        this.preparation = new Preparation(outlets, policies, fileLines, world);
        this.clock = world.clock();
        this.alarm = world.alarm();
        this.threads = world.threads();
        this.world = world;
        this.meters = meters;
        this.work = new LaneWork(book, attempts, endings, clock, new LaneWork.Doors(this::channel, this::dispatch));
    }

    // ---- queueing

    /**
     * Makes the row of a message, to be stored by whoever has the transaction, and then announced by {@link #stored}.
     *
     * @throws DeliveryRefused if the account is unknown or cannot send, or there is nothing to send
     */
    public Prepared prepare(Outbound message) throws DeliveryRefused {
        return preparation.prepare(message);
    }

    /** Begins to show a turn to the peer who waits for its answer, as far as the platform can. */
    public Showing show(Outbound answer, String messageId, Showing.Left left) {
        Outlets.Traits traits =
                outlets.traits(answer.channel(), answer.accountId()).orElse(null);
        if (traits == null || !(traits.can(Capability.DRAFTS) || traits.can(Capability.TYPING))) {
            return Showing.NOTHING;
        }
        return new LiveShowing(
                new LiveShowing.Audience(messageId, Preparation.lane(answer, traits), answer.replyTo()),
                left,
                outlets,
                traits,
                this::stage,
                store,
                world);
    }

    /** A lane for something that is only shown, if nothing waits to be sent and the pace has room for it. To be closed at once. */
    private Optional<Stage> stage(LaneKey lane) throws InterruptedException {
        Account account = Account.of(lane);
        Optional<Outlets.Traits> traits = outlets.traits(account.channel(), account.accountId());
        Pacing pacing = traits.map(Outlets.Traits::pacing).orElse(Pacing.NONE);
        if (stopping
                || traits.isEmpty()
                || !(pacer.knows(account) || pacer.recall(account, pacing))
                || !book.hold(lane, pacing, clock.instant())) {
            return Optional.empty();
        }
        return Optional.of(new Stage(lane, pacer, world.failPoints(), () -> {
            book.giveBack(lane, null, clock.instant());
            dispatch(account);
        }));
    }

    /** Whether the account can send at all. */
    public boolean canSend(String channel, String accountId) {
        return outlets.traits(channel, accountId)
                .map(traits -> traits.can(Capability.SEND))
                .orElse(false);
    }

    /**
     * Takes up a prepared delivery that has been stored under {@code seq}.
     *
     * @param notBefore when it may leave; not remembered over a restart
     */
    public void stored(Prepared prepared, long seq, Instant notBefore) {
        NewDelivery delivery = prepared.row();
        var ref = new DeliveryRef(
                seq,
                delivery.deliveryId(),
                delivery.lane(),
                DeliveryState.PENDING,
                0,
                delivery.parts(),
                0,
                notBefore,
                delivery.createdAt(),
                delivery.expiresAt(),
                delivery.possiblyRepeated(),
                delivery.messageId() != null,
                delivery.body().length);
        if (delivery.possiblyRepeated()) {
            meters.outbound(delivery.lane().channel(), "possibly_repeated");
        }
        openOnce(new QueuedDelivery(ref, room.keepable(prepared), delivery.sessionKey()));
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
        Prepared prepared = prepare(message);
        room.make(message.channel());
        Enqueued enqueued = store.enqueue(prepared.row(), dedup);
        if (enqueued.duplicate()) {
            takeUp(enqueued);
        } else {
            stored(prepared, enqueued.seq(), prepared.row().createdAt());
        }
        return enqueued;
    }

    /** Sees to a delivery that was stored although the store, in trouble, has denied it. */
    private void takeUp(Enqueued earlier) throws InterruptedException {
        Optional<DeliveryRef> open = store.delivery(earlier.deliveryId())
                .map(StoredDelivery::ref)
                .filter(ref -> ref.state().isOpen());
        open.ifPresent(ref -> openOnce(new QueuedDelivery(ref)));
    }

    /** Whether something waits to be sent to this peer, in this thread, or is being sent. */
    public boolean isBusy(String channel, String accountId, Peer peer, @Nullable String threadId) {
        return outlets.traits(channel, accountId)
                .map(traits -> traits.meant(peer))
                .map(to -> book.isBusy(new LaneKey(channel, accountId, to.kind().word(), to.id(), threadId)))
                .orElse(false);
    }

    /** Whether the channel's queue takes one more, or would drop an older one for it. */
    public boolean hasRoom(String channel) {
        DeliveryPolicy policy = policies.apply(channel);
        return policy.dropOldest() || book.depth(channel) < policy.queueLimit();
    }

    /** Lets go of what can be read again. */
    public void forgetBodies() {
        book.forgetBodies();
    }

    /** Takes up what a message's turn has queued and something has kept from being taken up; nothing as a rule. */
    public void takeUp(String messageId) throws InterruptedException {
        for (StoredDelivery each : store.deliveriesOf(messageId)) {
            DeliveryState state = each.ref().state();
            boolean isOpen = state == DeliveryState.PENDING || state == DeliveryState.SENDING;
            if (isOpen && !book.holds(each.ref())) {
                open(new QueuedDelivery(each.ref()));
            }
        }
    }

    // ---- operating

    /** Makes dead deliveries pending again and waiting ones due now; how many. The pace is kept. */
    public int retry(DeliveryFilter filter) throws InterruptedException {
        return interventions.retry(filter);
    }

    /** Ends pending and dead deliveries for good; how many. One that is being sent is left alone. */
    public int discard(DeliveryFilter filter) throws InterruptedException {
        return interventions.discard(filter);
    }

    public QueueDepth depth(String channel, String accountId) {
        return book.depth(new Account(channel, accountId));
    }

    /** Open deliveries of a channel. */
    public int depth(String channel) {
        return book.depth(channel);
    }

    /** How full the queue of a channel is: 1 is its limit. */
    public double filled(String channel) {
        return room.filled(channel);
    }

    /** Age of the oldest open delivery of a channel; zero if none is open. */
    public Duration oldest(String channel) {
        return book.oldest(channel, clock.instant());
    }

    // ---- running

    /** As {@link #start(Backlog, Instant)}, in a hub that has never run. */
    public void start() throws InterruptedException {
        start(Instant.EPOCH);
    }

    /** As {@link #start(Backlog, Instant)}, reading only now what is open. */
    public void start(Instant latest) throws InterruptedException {
        start(Backlog.of(store, threads), latest);
    }

    /**
     * Takes up everything that is open in the store and starts sending, the oldest first, while the rest is still being read. Called
     * once; nothing may be queued before it returns.
     *
     * @param backlog what is open
     * @param latest how far the hub's time had come when it ran last
     */
    public void start(Backlog backlog, Instant latest) throws InterruptedException {
        preparation.startAfter(latest);
        var retiming = new Retiming(latest, clock.instant());
        pacer.startWith(retiming);
        int found = 0;
        for (List<DeliveryRef> page = backlog.next(); !page.isEmpty(); page = backlog.next()) {
            Instant now = clock.instant();
            page.forEach(ref -> book.add(new QueuedDelivery(retiming.of(ref)), now));
            page.stream().map(ref -> Account.of(ref.lane())).distinct().forEach(this::dispatch);
            found += page.size();
        }
        if (found > 0) {
            log.info("Took up {} open deliveries", found);
        }
        book.limit(ACTIVE_PER_ACCOUNT);
        tick();
    }

    /** Starts no attempt any more and waits for those under way; false if some are still not over, or not written down. */
    public boolean drain(Duration wait) throws InterruptedException {
        stopping = true;
        boolean isQuiet = book.awaitQuiet(wait, world.stopwatch());
        return attempts.saveAll(book.unsaved()) && isQuiet;
    }

    private void tick() {
        if (stopping) {
            return;
        }
        Instant now = clock.instant();
        // Only for accounts that have opened meanwhile: what waits for a moment has its own alarm.
        book.accounts().forEach(this::dispatch);
        List<QueuedDelivery> expired = book.takeExpired(now, PAGE);
        if (!expired.isEmpty()) {
            threads.execute(
                    () -> expired.forEach(each -> endings.end(each, DeliveryState.EXPIRED, "not delivered in time")));
        }
        if (!now.isBefore(nextTidy)) {
            nextTidy = now.plus(TIDY);
            threads.execute(this::tidy);
        }
        alarm.at(now.plus(TICK), this::tick);
    }

    private void tidy() {
        try {
            pacer.tidy();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** For one that two may find at the same time: who stored it, and who stored it again. */
    private void openOnce(QueuedDelivery delivery) {
        book.addIfAbsent(delivery, clock.instant());
        dispatch(Account.of(delivery.lane));
    }

    private void open(QueuedDelivery delivery) {
        book.add(delivery, clock.instant());
        dispatch(Account.of(delivery.lane));
    }

    /** Starts a thread for each lane of the account that may send now, and sets the alarm for the next one. Never blocks. */
    private void dispatch(Account account) {
        Optional<Outlets.Traits> traits = outlets.traits(account.channel(), account.accountId());
        if (traits.isEmpty() || !isOpen(account)) {
            return;
        }
        Pacing pacing = traits.get().pacing();
        if (!pacer.knows(account)) {
            threads.execute(() -> recall(account, pacing));
            return;
        }
        while (isOpen(account)) {
            switch (book.activate(account, pacing, clock.instant())) {
                case LaneBook.Turn.Go(LaneKey lane) -> threads.execute(() -> work.run(lane));
                case LaneBook.Turn.Rest(Optional<Instant> next) -> {
                    next.ifPresent(when -> alarm.at(when, () -> {
                        book.rang(account, when);
                        dispatch(account);
                    }));
                    return;
                }
            }
        }
    }

    private boolean isOpen(Account account) {
        return channel(account).isPresent();
    }

    /** Through which the account may send now. */
    private Optional<Channel> channel(Account account) {
        return stopping ? Optional.empty() : outlets.open(account.channel(), account.accountId());
    }

    private void recall(Account account, Pacing pacing) {
        try {
            if (pacer.recall(account, pacing)) {
                dispatch(account);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
