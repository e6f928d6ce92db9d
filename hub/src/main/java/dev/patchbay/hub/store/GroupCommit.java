package dev.patchbay.hub.store;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.failpoint.StoreWrite;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.metrics.Seldom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets many callers share one transaction and one sync: a single thread takes what has been submitted, runs it, commits, and only
 * then tells the callers. Knows nothing of SQL. Safe for many threads.
 *
 * @param <T> what a write works on
 */
final class GroupCommit<T> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    static final int QUEUE_MAX = 10_000;
    private static final Duration QUEUE_WAIT = Duration.ofSeconds(10);
    private static final Duration WORK_WAIT = Duration.ofSeconds(60);
    private static final long BACKOFF_FIRST_MILLIS = 100;
    private static final long BACKOFF_MAX_MILLIS = 5_000;
    private static final long IDLE_WAIT_MILLIS = 60_000;

    private final Transactions<T> transactions;
    private final Supplier<@Nullable StoreException> room;
    private final Meters meters;
    private final int batchLimit;
    private final FailPoints failPoints;
    private final FairQueue<Write<T, ?>> queue = new FairQueue<>(QUEUE_MAX);
    private final Write<T, ?> wakeUp = new Write<>(StoreWrite.PROBE, transaction -> true, false);
    private final CommitClock commits = new CommitClock();
    private final Seldom failuresTold = new Seldom();
    private final Seldom waitsTold = new Seldom();
    private final Seldom recoveriesTold = new Seldom();
    private final Thread thread;

    private volatile @Nullable StoreException trouble;
    private volatile boolean closing;
    private volatile boolean ended;
    private final AtomicInteger failures = new AtomicInteger();
    private long backoffMillis = BACKOFF_FIRST_MILLIS;
    private long recoverAtNanos;

    /** The transactions underneath; called by the one thread only, never interrupted. */
    interface Transactions<T> {

        /** Begins one. */
        T begin() throws Exception;

        /** Remembers a point to return to by {@link #undo}. */
        void savepoint() throws Exception;

        /** Returns to the latest savepoint. */
        void undo() throws Exception;

        /** Ends it without a trace. */
        void rollback() throws Exception;

        /**
         * Commits and returns when all is on disk.
         *
         * @param way told before each step towards the disk
         */
        void commit(StoreWrite.Way way) throws Exception;

        /** Whether a failed write is to blame itself; null if everything underneath may be broken. */
        @Nullable
        StoreException blame(Throwable failure);

        /** What to tell callers while everything underneath is broken. */
        StoreException explain(Throwable failure);

        /**
         * Starts over after a failure.
         *
         * @return true if the commit that failed last is on disk after all
         */
        boolean recover() throws Exception;
    }

    /** One change; may run twice, the first run then leaves no trace. */
    @FunctionalInterface
    interface Work<T, R> {
        R run(T transaction) throws Exception;
    }

    private static final class Write<T, R> extends Ticket<R> {
        final StoreWrite kind;
        final Work<T, R> work;
        final boolean adds;
        private @Nullable R outcome;
        private @Nullable StoreException refusal;

        Write(StoreWrite kind, Work<T, R> work, boolean adds) {
            this.kind = kind;
            this.work = work;
            this.adds = adds;
        }

        void run(T transaction) throws Exception {
            outcome = work.run(transaction);
        }

        void refuse(StoreException why) {
            refusal = why;
        }

        /** Only after the commit: even a refusal may rest on a neighbour's write. */
        void tell() {
            if (refusal != null) {
                fail(refusal);
            } else {
                succeed(Objects.requireNonNull(outcome));
            }
        }
    }

    /**
     * Starts the thread.
     *
     * @param room asked before each batch; what it answers is told to writes that add data, null if there is room
     */
    GroupCommit(
            Transactions<T> transactions,
            Supplier<@Nullable StoreException> room,
            Meters meters,
            int batchLimit,
            FailPoints failPoints) {
        this.transactions = transactions;
        this.room = room;
        this.meters = meters;
        this.batchLimit = batchLimit;
        this.failPoints = failPoints;
        this.thread = Thread.ofPlatform().name("store-writer").daemon().unstarted(this::run);
        thread.start();
    }

    /**
     * Does one write; returns when it is on disk. Interrupted before it has begun, it does not happen; afterwards it is waited for,
     * and the interrupt stays.
     *
     * @param kind names what is written, for those who want it to fail
     * @param adds whether it adds data, and so is refused when there is little room
     * @throws StoreException if it did not happen
     */
    <R> R submit(StoreWrite kind, boolean adds, Work<T, R> work) throws InterruptedException {
        var write = new Write<>(kind, work, adds);
        if (closing) {
            throw closed();
        }
        if (!queue.offer(write, QUEUE_WAIT.toMillis())) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, QUEUE_MAX + " writes are waiting already; try again later");
        }
        if (ended) {
            failLeftOvers();
        }
        return write.awaitToTheEnd(QUEUE_WAIT.multipliedBy(3), WORK_WAIT);
    }

    /** Does one write without waiting for it; dropped if the queue is full. */
    void submitLater(StoreWrite kind, Work<T, ?> work) {
        if (!closing && !queue.offer(new Write<>(kind, work, false))) {
            log.debug("A write that nobody waits for was dropped: the queue is full");
        }
    }

    /** Numbers the commits, for readers who must not tell what a crash could take back. */
    CommitClock commits() {
        return commits;
    }

    /** Why nothing can be written at the moment; null if all is well. */
    @Nullable
    StoreException trouble() {
        return trouble;
    }

    /** Commits and attempts to start over that failed since the last commit that went well. */
    int failuresInARow() {
        return failures.get();
    }

    /** Takes no more writes, finishes those that were taken, ends the thread. */
    @Override
    public void close() {
        closing = true;
        // A full queue needs no waking.
        queue.offer(wakeUp);
        Threads.join(thread);
    }

    private void run() {
        try {
            while (true) {
                List<Write<T, ?>> batch = nextBatch();
                if (batch.isEmpty() && closing) {
                    return;
                }
                work(batch);
            }
        } finally {
            ended = true;
            failLeftOvers();
        }
    }

    private List<Write<T, ?>> nextBatch() {
        long waitMillis = closing ? 0 : trouble != null ? backoffMillis : IDLE_WAIT_MILLIS;
        try {
            List<Write<T, ?>> batch = queue.pollBatch(waitMillis, batchLimit);
            batch.remove(wakeUp);
            return batch;
        } catch (InterruptedException nobodyMay) {
            log.error("Somebody interrupted the store's writer; only close() may end it", nobodyMay);
            return List.of();
        }
    }

    private void work(List<Write<T, ?>> batch) {
        try {
            if (trouble != null && !recovered()) {
                StoreException why = Objects.requireNonNull(trouble);
                batch.forEach(write -> write.fail(why));
                return;
            }
            List<Write<T, ?>> taken = admit(batch);
            if (!taken.isEmpty()) {
                commit(taken);
            }
        } catch (Throwable bug) {
            // This thread must outlive everything: without it nothing is ever stored again.
            log.error("The store's writer met an error it does not know", bug);
            StoreException why = transactions.explain(bug);
            batch.forEach(write -> write.fail(why));
        }
    }

    private List<Write<T, ?>> admit(List<Write<T, ?>> batch) {
        StoreException noRoom = room.get();
        var taken = new ArrayList<Write<T, ?>>(batch.size());
        for (Write<T, ?> write : batch) {
            if (noRoom != null && write.adds) {
                write.fail(noRoom);
            } else if (write.take()) {
                taken.add(write);
            }
        }
        return taken;
    }

    private void commit(List<Write<T, ?>> taken) {
        long start = System.nanoTime();
        boolean committing = false;
        try {
            if (!runAll(taken)) {
                transactions.rollback();
                runEach(taken);
            }
            passing(taken, StoreWrite.Moment.BEFORE_COMMIT);
            committing = true;
            commits.begin();
            transactions.commit(moment -> passing(taken, moment));
            passing(taken, StoreWrite.Moment.BEFORE_TOLD);
            commits.settle(true);
            wentWell();
        } catch (Throwable failure) {
            StoreException why = transactions.explain(failure);
            failed(why, failure);
            // Before the commit there is none that could be on disk after all.
            boolean happened = startOver(why) && committing;
            if (committing) {
                commits.settle(happened);
            }
            if (!happened) {
                taken.forEach(write -> write.fail(why));
                return;
            }
        }
        taken.forEach(Write::tell);
        meters.commit(Duration.ofNanos(System.nanoTime() - start), taken.size());
    }

    private void passing(List<Write<T, ?>> writes, StoreWrite.Moment moment) {
        writes.forEach(write -> failPoints.reach(write.kind.at(moment)));
    }

    /** True if all went well; else everything since begin() is to be rolled back. */
    private boolean runAll(List<Write<T, ?>> writes) throws Exception {
        T transaction = transactions.begin();
        for (Write<T, ?> write : writes) {
            try {
                failPoints.reach(write.kind.at(StoreWrite.Moment.BEFORE_WRITE));
                write.run(transaction);
            } catch (Throwable failure) {
                if (transactions.blame(failure) == null) {
                    throw failure;
                }
                return false;
            }
        }
        return true;
    }

    /** Once more with a savepoint before each, so that the bad ones are found and the others go through. */
    private void runEach(List<Write<T, ?>> writes) throws Exception {
        T transaction = transactions.begin();
        for (Write<T, ?> write : writes) {
            transactions.savepoint();
            try {
                failPoints.reach(write.kind.at(StoreWrite.Moment.BEFORE_WRITE));
                write.run(transaction);
            } catch (Throwable failure) {
                StoreException why = transactions.blame(failure);
                if (why == null) {
                    throw failure;
                }
                transactions.undo();
                write.refuse(why);
            }
        }
    }

    private boolean recovered() {
        if (!closing && System.nanoTime() - recoverAtNanos < 0) {
            return false;
        }
        startOver(Objects.requireNonNull(trouble));
        return trouble == null;
    }

    private boolean startOver(StoreException why) {
        try {
            boolean happened = transactions.recover();
            if (failures.get() > 1 && trouble == null) {
                // It opens, but what is written next fails again: not as often as somebody wants to write.
                pause(why);
            } else {
                trouble = null;
            }
            return happened;
        } catch (Throwable still) {
            failures.incrementAndGet();
            pause(why);
            waitsTold.tell(
                    more -> log.warn("The store is still down and is tried again{}: {}", more, String.valueOf(still)));
            return false;
        }
    }

    private void pause(StoreException why) {
        trouble = why;
        recoverAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoffMillis);
        backoffMillis = Math.min(backoffMillis * 2, BACKOFF_MAX_MILLIS);
    }

    private void failed(StoreException why, Throwable failure) {
        if (failures.getAndIncrement() == 0) {
            failuresTold.tell(more -> log.error("The store failed and starts over{}", more, failure));
        } else {
            failuresTold.tell(
                    more -> log.error("The store failed again and starts over{}: {}", more, why.getMessage()));
        }
    }

    private void wentWell() {
        if (failures.get() > 0) {
            int before = failures.getAndSet(0);
            recoveriesTold.tell(more -> log.info("The store is back after {} failures{}", before, more));
            backoffMillis = BACKOFF_FIRST_MILLIS;
        }
    }

    private void failLeftOvers() {
        for (Write<T, ?> write = queue.poll(); write != null; write = queue.poll()) {
            write.fail(closed());
        }
    }

    private static StoreException closed() {
        return new StoreException(StoreException.Kind.UNAVAILABLE, "the store is closed");
    }
}
