package dev.patchbay.hub.usage;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.Increase;
import dev.patchbay.hub.store.StoredNote;
import dev.patchbay.hub.usage.PurseStatus.BudgetStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * What one agent has used and spent, and whether it may spend more. Safe for many threads.
 *
 * <p>A question is let through while less than the limit is spent. So that many at once do not all go beyond it, those under way
 * count as much as the dearest one known: near the limit they go one by one, and one of them crosses it.
 */
public final class Purse {
    /** This month's. */
    private final NavigableMap<LocalDate, Day> days = new TreeMap<>();

    private final String agentId;
    private final Allowance allowance;
    private final Clock clock;
    private final Stopwatch stopwatch;
    private final Meters meters;
    private final Set<CountDownLatch> waiting = new HashSet<>();

    /** What was told, and of which span: each once. */
    private final Map<String, String> told = new HashMap<>();

    private int running;

    /** What the dearest question has cost; empty as long as none is known. */
    private Optional<Amount> dearest = Optional.empty();

    private record Day(long tokens, Amount cost) {}

    Purse(String agentId, Allowance allowance, Meters meters, World world) {
        this.agentId = agentId;
        this.allowance = allowance;
        this.clock = world.clock();
        this.stopwatch = world.stopwatch();
        this.meters = meters;
    }

    String agentId() {
        return agentId;
    }

    /** What peers are told when it may not answer. */
    public String spentText() {
        return allowance.spentText();
    }

    Allowance allowance() {
        return allowance;
    }

    /** Scopes of the notes that hold what was counted this month and last. */
    List<String> scopes() {
        LocalDate today = today();
        return List.of(Charge.scope(agentId, today), Charge.scope(agentId, today.minusMonths(1)));
    }

    /** Takes up what a note of one day has counted; last month's only says what a question costs. */
    synchronized void load(StoredNote note) {
        String[] name = note.name().split(" ", -1);
        LocalDate day;
        try {
            day = LocalDate.parse(name[0]);
        } catch (DateTimeParseException notOurs) {
            return;
        }
        long[] counted = Arrays.stream(note.value().split(" ", -1))
                .mapToLong(Increase::number)
                .toArray();
        if (name.length != 2 || counted.length != 4) {
            return;
        }
        boolean isSameMoney = name[1].equals(allowance.currency());
        Amount cost = isSameMoney ? new Amount(counted[2]) : Amount.NONE;
        add(day, counted[0] + counted[1], cost);
        if (isSameMoney && counted[3] > 0) {
            saw(new Amount(cost.nanos() / counted[3]));
        }
    }

    synchronized void loadTold(StoredNote note) {
        told.put(note.name(), note.value());
    }

    /** The budget that is spent; if both are, the one that lasts longer. */
    public Optional<Admission.Spent> spent() {
        return isLimited() ? spentNow() : Optional.empty();
    }

    private synchronized Optional<Admission.Spent> spentNow() {
        LocalDate today = today();
        return List.of(Budget.MONTHLY, Budget.DAILY).stream()
                .filter(allowance.limits()::containsKey)
                .filter(each -> !spent(each, today).isLessThan(limit(each)))
                .map(each -> new Admission.Spent(
                        agentId,
                        each,
                        spent(each, today),
                        limit(each),
                        allowance.currency(),
                        each.end(today, allowance.zone()).toInstant()))
                .findFirst();
    }

    /** Lets a question through, maybe after others; waits at most so long. */
    public Admission enter(Duration most) throws InterruptedException {
        if (!isLimited()) {
            return new Taken();
        }
        long begin = stopwatch.nanos();
        while (true) {
            var wake = new CountDownLatch(1);
            synchronized (this) {
                Optional<Admission.Spent> spent = spent();
                if (spent.isPresent()) {
                    return spent.get();
                }
                if (hasRoom()) {
                    running++;
                    return new Taken();
                }
                waiting.add(wake);
            }
            Duration left = most.minusNanos(stopwatch.nanos() - begin);
            try {
                if (!left.isPositive() || !stopwatch.await(wake, left)) {
                    return new Admission.TooLate();
                }
            } finally {
                forget(wake);
            }
        }
    }

    public synchronized PurseStatus status() {
        LocalDate today = today();
        var budgets = new ArrayList<BudgetStatus>();
        for (Budget each : Budget.values()) {
            if (allowance.limits().containsKey(each)) {
                Amount spent = spent(each, today);
                budgets.add(new BudgetStatus(
                        each,
                        spent,
                        limit(each),
                        !spent.isLessThan(threshold(each)),
                        each.end(today, allowance.zone()).toInstant()));
            }
        }
        return new PurseStatus(
                tokens(Budget.DAILY, today),
                tokens(Budget.MONTHLY, today),
                spent(Budget.DAILY, today),
                spent(Budget.MONTHLY, today),
                allowance.price().map(Price::currency),
                budgets);
    }

    /** What the operator is to be told and has not been told of this span. */
    synchronized List<Notice> notices() {
        LocalDate today = today();
        var due = new ArrayList<Notice>();
        for (Budget each : Budget.values()) {
            if (allowance.limits().containsKey(each)) {
                notice(each, Notice.Kind.WARNING, threshold(each), today).ifPresent(due::add);
                notice(each, Notice.Kind.SPENT, limit(each), today).ifPresent(due::add);
            }
        }
        return due;
    }

    synchronized void told(Notice notice) {
        told.put(notice.name(), notice.mark());
    }

    private Optional<Notice> notice(Budget budget, Notice.Kind kind, Amount from, LocalDate today) {
        Amount spent = spent(budget, today);
        Instant resetsAt = budget.end(today, allowance.zone()).toInstant();
        var notice = new Notice(
                agentId,
                budget,
                kind,
                spent,
                limit(budget),
                allowance.currency(),
                resetsAt,
                budget.begin(today) + " " + from);
        return spent.isLessThan(from) || notice.mark().equals(told.get(notice.name()))
                ? Optional.empty()
                : Optional.of(notice);
    }

    /** One place; see {@link Admission.Seat}. */
    private final class Taken implements Admission.Seat {
        private boolean isFree;

        @Override
        public Charge end(Tokens used) {
            if (used.isNone() && !isLimited()) {
                // Most turns: none of the others has to wait for it.
                return new Charge(Purse.this, LocalDate.EPOCH, used, Amount.NONE);
            }
            Amount cost = allowance.price().map(price -> price.of(used)).orElse(Amount.NONE);
            meters.tokens(agentId, used.input(), used.output());
            if (cost.nanos() > 0) {
                meters.cost(agentId, allowance.currency(), cost.decimal().doubleValue());
            }
            synchronized (Purse.this) {
                LocalDate today = today();
                add(today, used.sum(), cost);
                saw(cost);
                leave();
                return new Charge(Purse.this, today, used, cost);
            }
        }

        @Override
        public void giveUp() {
            synchronized (Purse.this) {
                saw(Amount.NONE);
                leave();
            }
        }

        private void leave() {
            if (!isFree && isLimited()) {
                isFree = true;
                running--;
                waiting.forEach(CountDownLatch::countDown);
            }
        }
    }

    private boolean isLimited() {
        return !allowance.limits().isEmpty();
    }

    private boolean hasRoom() {
        if (running == 0) {
            return true;
        }
        LocalDate today = today();
        return dearest.isPresent()
                && allowance.limits().keySet().stream().allMatch(each -> spent(each, today)
                        .plus(dearest.get().times(running))
                        .isLessThan(limit(each)));
    }

    private void saw(Amount cost) {
        dearest = Optional.of(dearest.filter(known -> cost.isLessThan(known)).orElse(cost));
    }

    private void add(LocalDate day, long tokens, Amount cost) {
        days.headMap(Budget.MONTHLY.begin(today())).clear();
        if (!day.isBefore(Budget.MONTHLY.begin(today()))) {
            days.merge(
                    day,
                    new Day(tokens, cost),
                    (one, more) ->
                            new Day(one.tokens() + more.tokens(), one.cost().plus(more.cost())));
        }
    }

    private Amount spent(Budget budget, LocalDate today) {
        return days.tailMap(budget.begin(today)).values().stream()
                .map(Day::cost)
                .reduce(Amount.NONE, Amount::plus);
    }

    private long tokens(Budget budget, LocalDate today) {
        return days.tailMap(budget.begin(today)).values().stream()
                .mapToLong(Day::tokens)
                .sum();
    }

    private Amount limit(Budget budget) {
        return allowance.limits().getOrDefault(budget, Amount.NONE);
    }

    private Amount threshold(Budget budget) {
        return new Amount((long) Math.ceil(limit(budget).nanos() * allowance.warnAt()));
    }

    private synchronized void forget(CountDownLatch wake) {
        waiting.remove(wake);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), allowance.zone());
    }
}
