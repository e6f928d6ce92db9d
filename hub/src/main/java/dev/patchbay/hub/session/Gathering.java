package dev.patchbay.hub.session;

import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The messages of each session that wait for their turns, and which of them become one. Many threads bring messages; those of one
 * session are taken by one thread at a time, that of its lane.
 *
 * <p>What belongs together is decided from the stored messages alone, so a restart decides as the hub before it.
 */
final class Gathering {
    /** Messages of one turn. */
    static final int TOGETHER_MAX = 100;

    /** Of all bodies of one turn; longer messages have turns of their own. */
    static final int TOGETHER_BYTES_MAX = 64 << 10;

    /** A flood without a pause is answered after so many times the quiet time. */
    static final int DEBOUNCES_MAX = 5;

    /** All that are kept in memory, in characters; further ones are read again. */
    private static final int KEPT_TOTAL_CHARS = 16 << 20;

    private final Manners manners;
    private final boolean isPlain;
    private final ChatCommands commands;
    private final Reader reader;
    private final Clock clock;
    private final Stopwatch stopwatch;
    private final ConcurrentHashMap<String, Line> lines = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger keptChars = new AtomicInteger();
    private volatile boolean isHurried;

    /** Reads a message again. */
    @FunctionalInterface
    interface Reader {
        Turns.@Nullable Pending read(String messageId) throws InterruptedException;
    }

    /** What one turn answers, in order, and what ends it before its time. */
    record Batch(List<Waiting> messages, Halt halt) {
        int bodyBytes() {
            return messages.stream().mapToInt(Waiting::bodyBytes).sum();
        }
    }

    /** Of one session, while it has something to do. */
    private static final class Line {
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(4);
        private Halt halt;
        private CountDownLatch changed = new CountDownLatch(1);

        Line(Waiting first) {
            halt = new Halt(first.place());
        }

        synchronized void add(Waiting message) {
            waiting.add(message);
            wake();
        }

        synchronized void wake() {
            changed.countDown();
        }

        synchronized CountDownLatch change() {
            if (changed.getCount() == 0) {
                changed = new CountDownLatch(1);
            }
            return changed;
        }

        synchronized @Nullable Waiting peek() {
            return waiting.peek();
        }

        synchronized @Nullable Waiting poll() {
            return waiting.poll();
        }

        /** The first one, now that it is known. */
        synchronized void replace(Waiting known) {
            waiting.poll();
            waiting.addFirst(known);
        }

        synchronized int size() {
            return waiting.size();
        }

        synchronized Halt halt() {
            return halt;
        }

        /** False if nothing is left to do. */
        synchronized boolean next() {
            Waiting first = waiting.peek();
            if (first != null) {
                halt = new Halt(first.place());
            }
            return first != null;
        }
    }

    Gathering(Manners manners, ChatCommands commands, Reader reader, World world) {
        this.manners = manners;
        this.isPlain = manners.equals(Manners.PLAIN);
        this.commands = commands;
        this.reader = reader;
        this.clock = world.clock();
        this.stopwatch = world.stopwatch();
    }

    /** In all sessions. */
    int waiting() {
        return waiting.get();
    }

    /** In one session. */
    int waiting(String sessionKey) {
        Line line = lines.get(sessionKey);
        return line == null ? 0 : line.size();
    }

    /** Whether a text may be kept in memory; it is counted then. */
    boolean keeps(int chars) {
        if (keptChars.addAndGet(chars) <= KEPT_TOTAL_CHARS) {
            return true;
        }
        keptChars.addAndGet(-chars);
        return false;
    }

    void forget(Waiting message) {
        keptChars.addAndGet(-message.keptChars());
    }

    void add(Waiting message) {
        waiting.incrementAndGet();
        lines.compute(message.sessionKey(), (session, before) -> {
            Line line = before == null ? new Line(message) : before;
            line.add(message);
            return line;
        });
    }

    /**
     * Tells the turn that runs, or is about to run, to end.
     *
     * @return what ends it, if there is such a turn and it is not to be ended by another already
     */
    Optional<Halt> end(String sessionKey, Kind why, long place) {
        Line line = lines.get(sessionKey);
        if (line == null) {
            return Optional.empty();
        }
        for (Halt halt = line.halt(); ; ) {
            if (halt.end(why, place)) {
                line.wake();
                return Optional.of(halt);
            }
            Halt next = line.halt();
            if (next == halt) {
                return Optional.empty();
            }
            halt = next;
        }
    }

    /** Waits for nothing that may follow, from now on. */
    void hurry() {
        isHurried = true;
        lines.values().forEach(Line::wake);
    }

    /**
     * What the next turn of a session answers; waits until nothing follows any more. To be followed by {@link #over}.
     *
     * @return empty if what was there has been taken with an earlier turn
     */
    Optional<Batch> take(String sessionKey) throws InterruptedException {
        Line line = lines.get(sessionKey);
        Waiting first = line == null ? null : line.peek();
        if (line == null || first == null) {
            return Optional.empty();
        }
        var taken = new ArrayList<Waiting>();
        Halt halt = line.halt();
        if (isPlain) {
            taken.add(polled(line));
        } else {
            taken.add(polled(line, known(line, first)));
            Turns.Pending head = taken.getFirst().kept();
            if (head != null && isOrdinary(head)) {
                gather(line, taken, head, halt);
            }
        }
        halt.begin(taken.getLast().place());
        Waiting next = isPlain ? null : line.peek();
        if (next != null && interrupts(known(line, next))) {
            halt.end(Kind.INTERRUPTED, next.place());
        }
        return Optional.of(new Batch(taken, halt));
    }

    void over(String sessionKey, Batch batch) {
        lines.computeIfPresent(sessionKey, (session, line) -> line.next() ? line : null);
        batch.halt().close();
    }

    private void gather(Line line, List<Waiting> taken, Turns.Pending head, Halt halt) throws InterruptedException {
        boolean collects = manners.busy().apply(head.agentId()) == Busy.COLLECT;
        Duration debounce = manners.debounce().apply(head.envelope().channel());
        int bytes = taken.getFirst().bodyBytes();
        long quietAt = quietAt(taken, debounce);
        while (taken.size() < TOGETHER_MAX) {
            CountDownLatch change = line.change();
            Waiting next = line.peek();
            if (next == null) {
                long left = quietAt - stopwatch.nanos();
                if (left <= 0 || isHurried || halt.isTold()) {
                    return;
                }
                var unused = stopwatch.await(change, Duration.ofNanos(left));
                continue;
            }
            Waiting known = known(line, next);
            Turns.Pending pending = known.kept();
            bytes += known.bodyBytes();
            if (pending == null
                    || bytes > TOGETHER_BYTES_MAX
                    || !halt.admits(known.place())
                    || !isOrdinary(pending)
                    || !isOneVoice(head, pending)
                    || !(collects || follows(taken, known, debounce))) {
                return;
            }
            taken.add(polled(line, known));
            quietAt = quietAt(taken, debounce);
        }
    }

    /** Until when something may still follow. */
    private long quietAt(List<Waiting> taken, Duration debounce) {
        long now = stopwatch.nanos();
        if (!debounce.isPositive() || !taken.getLast().isRapid()) {
            return now;
        }
        Instant until = earlier(
                acceptedAt(taken.getLast()).plus(debounce),
                acceptedAt(taken.getFirst()).plus(debounce.multipliedBy(DEBOUNCES_MAX)));
        Duration left = Duration.between(clock.instant(), until);
        // A clock that was set back must not make anybody wait longer.
        return now + (left.compareTo(debounce) > 0 ? debounce : left).toNanos();
    }

    private static boolean follows(List<Waiting> taken, Waiting next, Duration debounce) {
        return debounce.isPositive()
                && taken.getLast().isRapid()
                && next.isRapid()
                && !acceptedAt(next).isAfter(acceptedAt(taken.getLast()).plus(debounce))
                && !acceptedAt(next).isAfter(acceptedAt(taken.getFirst()).plus(debounce.multipliedBy(DEBOUNCES_MAX)));
    }

    private static Instant acceptedAt(Waiting message) {
        return Objects.requireNonNull(message.kept(), "kept").acceptedAt();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Said by the same one in the same place, to be answered in the same way. */
    private static boolean isOneVoice(Turns.Pending one, Turns.Pending other) {
        Envelope a = one.envelope();
        Envelope b = other.envelope();
        return a.channel().equals(b.channel())
                && a.accountId().equals(b.accountId())
                && Objects.equals(a.peer(), b.peer())
                && Objects.equals(a.threadId(), b.threadId())
                && Objects.equals(id(a), id(b))
                && a.answerByQueue() == b.answerByQueue();
    }

    private static @Nullable String id(Envelope envelope) {
        return envelope.sender() == null ? null : envelope.sender().id();
    }

    private boolean isOrdinary(Turns.Pending message) {
        return commands.word(message.envelope()).isEmpty();
    }

    /** What is too long to be read here is no command. */
    private boolean interrupts(Waiting next) {
        Turns.Pending pending = next.kept();
        return pending != null && isOrdinary(pending) && manners.busy().apply(pending.agentId()) == Busy.INTERRUPT;
    }

    /** The first in line with all that is to know of it, unless it is long, gone, or cannot be read now. */
    private Waiting known(Line line, Waiting first) throws InterruptedException {
        if (first.kept() != null || first.bodyBytes() > TOGETHER_BYTES_MAX) {
            return first;
        }
        Turns.Pending pending;
        try {
            pending = reader.read(first.id());
        } catch (StoreException notNow) {
            return first;
        }
        if (pending == null) {
            return first;
        }
        Waiting known = first.with(pending);
        keptChars.addAndGet(known.keptChars());
        line.replace(known);
        return known;
    }

    private Waiting polled(Line line) {
        return polled(line, Objects.requireNonNull(line.peek(), "first"));
    }

    private Waiting polled(Line line, Waiting first) {
        line.poll();
        waiting.decrementAndGet();
        forget(first);
        return first;
    }
}
