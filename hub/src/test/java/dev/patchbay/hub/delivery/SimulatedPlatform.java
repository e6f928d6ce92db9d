package dev.patchbay.hub.delivery;

import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit;
import dev.patchbay.hub.delivery.LaneBook.Step;
import dev.patchbay.hub.delivery.LaneBook.Turn;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * A book, a network and a platform that counts arrivals by the letter of its limits, in one thread and simulated time: what happens
 * next is taken from a queue of events. The same seed gives the same run.
 */
final class SimulatedPlatform {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Account ACCOUNT = new Account("telegram", "default");

    private final Pacing pacing;
    private final Network network;
    private final RandomGenerator random;
    private final LaneBook book = new LaneBook(256);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::when).thenComparing(Event::order));
    private final Map<String, List<Counter>> counters = new HashMap<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private Instant now = START;
    private long order;
    private long seq;
    private int violations;

    private record Event(Instant when, long order, Runnable action) {}

    /** A message as the platform saw it. */
    record Arrival(Instant at, String peer, long seq) {}

    /** How long a request takes there, and its answer back. */
    interface Network {
        Duration oneWay(RandomGenerator random, int sent);
    }

    SimulatedPlatform(Pacing pacing, Network network, RandomGenerator random) {
        this.pacing = pacing;
        this.network = network;
        this.random = random;
    }

    void queue(String kind, String peer, boolean isReply) {
        seq++;
        book.add(
                new QueuedDelivery(new DeliveryRef(
                        seq,
                        "d" + seq,
                        new LaneKey(ACCOUNT.channel(), ACCOUNT.accountId(), kind, peer, null),
                        DeliveryState.PENDING,
                        0,
                        1,
                        0,
                        now,
                        now,
                        now.plus(Duration.ofDays(7)),
                        false,
                        isReply,
                        0)),
                now);
    }

    /** Lets everything that was queued go out. */
    void run() {
        dispatch();
        for (Event next = events.poll(); next != null; next = events.poll()) {
            now = next.when();
            next.action().run();
        }
    }

    List<Arrival> arrivals() {
        return arrivals;
    }

    /** How often the platform would have said 429. */
    int violations() {
        return violations;
    }

    /** From the first arrival to the last. */
    Duration took() {
        return Duration.between(arrivals.getFirst().at(), arrivals.getLast().at());
    }

    private void dispatch() {
        while (true) {
            switch (book.activate(ACCOUNT, pacing, now)) {
                case Turn.Go(LaneKey lane) -> work(lane, false);
                case Turn.Rest(var alarm) -> {
                    alarm.ifPresent(when -> at(when.plus(Duration.ofNanos(random.nextLong(1_000_000))), () -> {
                        book.rang(ACCOUNT, when);
                        dispatch();
                    }));
                    return;
                }
            }
        }
    }

    private void work(LaneKey lane, boolean hadShare) {
        switch (book.next(lane, now, hadShare)) {
            case Step.Leave() -> dispatch();
            case Step.Expire unused -> throw new AssertionError("nothing is too old here");
            // The attempt is stored first.
            case Step.Send(QueuedDelivery head) -> in(Duration.ofMillis(1 + random.nextLong(3)), () -> send(head));
        }
    }

    private void send(QueuedDelivery head) {
        book.sends(head.lane, now);
        int sent = arrivals.size();
        in(network.oneWay(random, sent), () -> {
            arrive(head);
            in(network.oneWay(random, sent), () -> {
                book.sent(head.lane, now, true);
                in(Duration.ofMillis(1 + random.nextLong(3)), () -> {
                    book.remove(head, now);
                    work(head.lane, true);
                });
            });
        });
    }

    private void arrive(QueuedDelivery head) {
        arrivals.add(new Arrival(now, head.lane.peerId(), head.seq));
        boolean direct = head.lane.peerKind().equals("direct");
        boolean ok = true;
        for (Counter each : counters("", pacing.account())) {
            ok &= each.take(now);
        }
        for (Counter each : counters(head.lane.peerId(), direct ? pacing.direct() : pacing.group())) {
            ok &= each.take(now);
        }
        violations += ok ? 0 : 1;
    }

    private List<Counter> counters(String whose, List<Limit> limits) {
        return counters.computeIfAbsent(
                whose, absent -> limits.stream().map(Counter::new).toList());
    }

    private void in(Duration wait, Runnable action) {
        at(now.plus(wait), action);
    }

    private void at(Instant when, Runnable action) {
        events.add(new Event(when.isBefore(now) ? now : when, order++, action));
    }

    /** One limit as its text says. */
    private static final class Counter {
        private final Limit limit;
        private final List<Instant> seen = new ArrayList<>();
        private double tokens = Double.NaN;
        private Instant filled = START;

        Counter(Limit limit) {
            this.limit = limit;
        }

        boolean take(Instant at) {
            switch (limit) {
                case Limit.Window(int count, Duration per) -> {
                    seen.removeIf(each -> !each.plus(per).isAfter(at));
                    seen.add(at);
                    return seen.size() <= count;
                }
                case Limit.Bucket(int burst, Duration interval) -> {
                    double refilled = Duration.between(filled, at).toNanos() / (double) interval.toNanos();
                    tokens = Double.isNaN(tokens) ? burst : Math.min(burst, tokens + refilled);
                    filled = at;
                    tokens -= 1;
                    return tokens > -1e-9;
                }
            }
        }
    }
}
