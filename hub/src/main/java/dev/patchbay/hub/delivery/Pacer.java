package dev.patchbay.hub.delivery;

import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Pacing;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.metrics.Seldom;
import dev.patchbay.hub.store.AttemptEnd;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.StoredDelivery;
import dev.patchbay.hub.store.StoredNote;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the book what sends cost, and remembers over restarts when a platform asked to slow down. Safe for many threads; blocks for
 * the store.
 */
final class Pacer {
    private static final Logger log = LoggerFactory.getLogger(Pacer.class);

    /** A pause is longer by that: never earlier than told, also by a clock that runs a little slow. */
    private static final Duration AFTER = Duration.ofMillis(5);

    /** No restart is quicker. */
    private static final Duration RESTART = Duration.ofSeconds(1);

    /** So many of the latest deliveries are looked at for what still counts after a restart. */
    private static final int LATELY = 1_000;

    /** Each looked at by itself, so that a long queue does not hide what was sent. */
    private static final List<Set<DeliveryState>> LOOKS = List.of(
            Set.of(DeliveryState.DELIVERED),
            Set.of(DeliveryState.SENDING),
            Set.of(DeliveryState.PENDING, DeliveryState.DEAD, DeliveryState.EXPIRED, DeliveryState.DISCARDED));

    /** What is sent has arrived after that. */
    private static final Duration WAY = Duration.ofSeconds(5);

    private static final int NAME_MAX = 400;

    private final LaneBook book;
    private final Store store;
    private final Meters meters;
    private final Clock clock;
    private final Map<Account, Recall> recalls = new ConcurrentHashMap<>();

    private final ReentrantLock writing = new ReentrantLock();

    private final Seldom storeTold = new Seldom();

    /** What the store has not taken yet. */
    private final Set<Place> unsaved = ConcurrentHashMap.newKeySet();

    private enum Recall {
        UNDER_WAY,
        DONE
    }

    private volatile Retiming retiming = Retiming.NONE;

    private record Place(Account account, String name) {}

    Pacer(LaneBook book, Store store, Meters meters, World world) {
        this.book = book;
        this.store = store;
        this.meters = meters;
        this.clock = world.clock();
    }

    /** How the times of the last run are read. Called before anything is recalled. */
    void startWith(Retiming how) {
        retiming = how;
    }

    /** Whether it is known what the account's platform has asked for before the restart: nothing is sent until then. Never blocks. */
    boolean knows(Account account) {
        return recalls.get(account) == Recall.DONE;
    }

    /** Reads what the store remembers of an account; false if that failed or somebody else does. */
    boolean recall(Account account, Pacing pacing) throws InterruptedException {
        if (recalls.putIfAbsent(account, Recall.UNDER_WAY) != null) {
            return knows(account);
        }
        boolean done = false;
        try {
            read(account, pacing);
            meters.gauge(
                    "patchbay_breaker_state",
                    Map.of("name", "account:" + account.channel() + "/" + account.accountId()),
                    () -> book.trouble(account, clock.instant()));
            if (!pacing.equals(Pacing.NONE)) {
                meters.gauge(
                        "patchbay_pacing_factor",
                        Map.of("channel", account.channel(), "account", account.accountId()),
                        () -> book.factor(account, clock.instant()));
            }
            recalls.put(account, Recall.DONE);
            done = true;
        } catch (StoreException unreadable) {
            storeTold.tell(more -> log.warn(
                    "Account {} of channel {} waits for the store{}: {}",
                    account.accountId(),
                    account.channel(),
                    more,
                    unreadable.getMessage()));
        } finally {
            if (!done) {
                recalls.remove(account);
            }
        }
        return done;
    }

    /** Whether each send of the active lane is counted: then it makes one at a time. */
    boolean isPaced(LaneKey lane) {
        return book.isPaced(lane);
    }

    /** Until when the platform wants nothing in the active lane; empty if it has no such wish now. */
    Optional<Instant> pausedUntil(LaneKey lane) {
        return book.pausedUntil(lane, clock.instant());
    }

    /** The active lane sends now; when that is. */
    Instant sends(LaneKey lane) {
        Instant now = clock.instant();
        book.sends(lane, now);
        return now;
    }

    /**
     * What the active lane has sent since {@code began} is over. When this returns, a wish of the platform to slow down is obeyed and
     * stored; if it cannot be stored, it is obeyed and stored later.
     */
    void sent(LaneKey lane, Instant began, DeliveryOutcome outcome) throws InterruptedException {
        book.sent(lane, clock.instant(), outcome instanceof Delivered);
        if (outcome instanceof Paced paced) {
            obey(lane, began, paced);
        }
    }

    /** What came of an attempt of the active lane tells something of its account, too. */
    void learn(LaneKey lane, Instant began, DeliveryOutcome outcome, DeliveryPolicy policy) {
        switch (outcome) {
            case Delivered answered -> worked(lane);
            case Refused answered -> worked(lane);
            case RetryLater failed -> failed(lane, began, policy);
            case Unknown failed -> failed(lane, began, policy);
            case Paced notNow -> {}
        }
    }

    private void worked(LaneKey lane) {
        if (book.worked(lane)) {
            log.info("Channel {}: account {} works again", lane.channel(), lane.accountId());
        }
    }

    private void failed(LaneKey lane, Instant began, DeliveryPolicy policy) {
        book.failed(lane, began, clock.instant(), policy)
                .ifPresent(next -> log.warn(
                        "Channel {}: all of account {} fails; from {} on one message at a time tries again, the others"
                                + " wait",
                        lane.channel(),
                        lane.accountId(),
                        next));
    }

    /** The platform wants nothing for a while. */
    void obey(LaneKey lane, Instant began, Paced paced) throws InterruptedException {
        Instant now = clock.instant();
        Instant until = end(now, paced);
        String name = book.slow(lane, paced.scope(), began, now, until);
        meters.paced(lane.channel(), paced.scope().name().toLowerCase(Locale.ROOT));
        log.info(
                "Channel {} asked to slow down: account {}, {}, nothing before {}",
                lane.channel(),
                lane.accountId(),
                paced.scope(),
                until);
        keep(new Place(Account.of(lane), name));
    }

    /** When something may be sent again that was told to wait now. */
    static Instant end(Instant now, Paced paced) {
        return now.plus(paced.pause()).plus(AFTER);
    }

    /** Stores what could not be stored, and forgets what does not matter any more. */
    void tidy() throws InterruptedException {
        for (Place each : List.copyOf(unsaved)) {
            keep(each);
        }
        for (Map.Entry<Account, List<String>> each : book.sweep(clock.instant()).entrySet()) {
            for (String name : each.getValue()) {
                keep(new Place(each.getKey(), name));
            }
        }
    }

    private void read(Account account, Pacing pacing) throws InterruptedException {
        Instant now = clock.instant();
        var found = new HashMap<String, PaceNote>();
        for (StoredNote each : store.notes(scope(account))) {
            Optional<PaceNote> note = PaceNote.parse(each.value());
            note.ifPresent(known -> found.put(each.name(), retiming.of(known)));
            if (note.isEmpty()) {
                log.warn("A note about the pace of {} is unreadable and is left out: {}", account, each.name());
            }
        }
        book.recall(account, new LaneBook.Memory(found, sends(account, pacing, now)), pacing, now);
    }

    /** What was sent so lately that it counts; nothing if every limit is shorter than a restart. */
    private List<LaneBook.Past> sends(Account account, Pacing pacing, Instant now) throws InterruptedException {
        Duration memory = Stream.of(pacing.account(), pacing.direct(), pacing.group())
                .flatMap(List::stream)
                .map(Limiter::memory)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        var sends = new ArrayList<LaneBook.Past>();
        if (memory.compareTo(RESTART) <= 0) {
            return sends;
        }
        for (Set<DeliveryState> states : LOOKS) {
            for (StoredDelivery each : lately(account, states)) {
                LaneKey lane = each.ref().lane();
                var peer = new PeerQueue.Key(lane.peerKind(), lane.peerId());
                arrivals(each, now.minus(memory), now).forEach(at -> sends.add(new LaneBook.Past(peer, at)));
            }
        }
        sends.sort(Comparator.comparing(LaneBook.Past::at));
        return sends;
    }

    private List<StoredDelivery> lately(Account account, Set<DeliveryState> states) throws InterruptedException {
        var filter = new DeliveryFilter(
                states,
                Optional.of(account.channel()),
                Optional.of(account.accountId()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return store.deliveries(filter, LATELY, Optional.empty()).items();
    }

    /** When what was sent of a delivery has arrived at the latest, as far as that is after {@code since}: also what failed. */
    private List<Instant> arrivals(StoredDelivery delivery, Instant since, Instant now) throws InterruptedException {
        Instant started = delivery.attemptStartedAt();
        Instant delivered = delivery.deliveredAt();
        Instant latest =
                delivered != null ? delivered : started == null ? Instant.MIN : earlier(started.plus(WAY), now);
        DeliveryRef ref = delivery.ref();
        boolean isCutOff = ref.state() == DeliveryState.SENDING;
        if (!isCutOff && !latest.isAfter(since)) {
            return List.of();
        }
        List<AttemptEnd> failed = store.attempts(ref.deliveryId());
        var arrivals = new ArrayList<Instant>();
        failed.stream().map(AttemptEnd::at).filter(since::isBefore).forEach(arrivals::add);
        arrivals.addAll(Collections.nCopies(Math.min(LATELY, ref.partsDone()), latest));
        // Attempts of which nobody knows the end: cut off by this restart, or an earlier one.
        long known = failed.stream()
                .filter(each -> !each.outcome().startsWith("paced"))
                .count();
        long cutOff = ref.attempts() - known - (ref.state() == DeliveryState.DELIVERED ? 1 : 0);
        arrivals.addAll(Collections.nCopies(Math.clamp(cutOff, 0, LATELY), isCutOff ? now : latest));
        return arrivals;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Writes down what is true of an account or a peer now. */
    private void keep(Place place) throws InterruptedException {
        if (place.name().length() > NAME_MAX) {
            log.warn("A peer's id is too long to remember its pace over a restart");
            return;
        }
        // One after the other: an older truth must not replace a newer one.
        writing.lockInterruptibly();
        try {
            unsaved.add(place);
            String text = book.note(place.account(), place.name(), clock.instant())
                    .map(PaceNote::text)
                    .orElse("");
            store.keep(new StoredNote(scope(place.account()), place.name(), text));
            unsaved.remove(place);
        } catch (StoreException notStored) {
            storeTold.tell(
                    more -> log.warn("The pace of {} is not stored yet{}: {}", place, more, notStored.getMessage()));
            if (notStored.kind() == StoreException.Kind.CONFLICT) {
                // Thousands of peers have been slowed down at once; these are obeyed as long as the hub runs.
                unsaved.remove(place);
            }
        } finally {
            writing.unlock();
        }
    }

    private static String scope(Account account) {
        return "pacing/" + account.channel() + "/" + account.accountId();
    }
}
