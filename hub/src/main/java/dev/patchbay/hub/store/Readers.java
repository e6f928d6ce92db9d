package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that read, each with a connection of its own: callers may be interrupted, these never are. Safe for many threads. */
final class Readers implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Readers.class);

    private static final int QUEUE_MAX = 10_000;
    private static final Duration QUEUE_WAIT = Duration.ofSeconds(10);
    private static final Duration WORK_WAIT = Duration.ofSeconds(30);
    private static final long IDLE_WAIT_MILLIS = 60_000;

    private final H2Database database;
    private final FairQueue<Job<?>> queue = new FairQueue<>(QUEUE_MAX);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closing;

    /** One reading; may run twice. */
    @FunctionalInterface
    interface Query<R> {
        R run(Sql sql) throws SQLException;
    }

    private static final class Job<R> extends Ticket<R> {
        private final Query<R> query;

        Job(Query<R> query) {
            this.query = query;
        }

        void run(Sql sql) throws SQLException {
            succeed(query.run(sql));
        }
    }

    Readers(H2Database database, int count) {
        this.database = database;
        for (int i = 1; i <= count; i++) {
            threads.add(Thread.ofPlatform().name("store-reader-" + i).daemon().start(this::work));
        }
    }

    /** Reads; the query runs in one of the threads. */
    <R> R read(Query<R> query) throws InterruptedException {
        var job = new Job<>(query);
        if (closing || !queue.offer(job, QUEUE_WAIT.toMillis())) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE,
                    closing ? "the store is closed" : QUEUE_MAX + " readers are waiting already; try again later");
        }
        if (closing) {
            failLeftOvers();
        }
        return job.await(QUEUE_WAIT, WORK_WAIT);
    }

    /** Finishes what is being read, refuses what is waiting. */
    @Override
    public void close() {
        closing = true;
        failLeftOvers();
        for (int i = 0; i < threads.size(); i++) {
            queue.offer(new Job<>(sql -> true));
        }
        threads.forEach(Threads::join);
        failLeftOvers();
    }

    private void work() {
        Sql sql = null;
        while (!closing) {
            Job<?> job = next();
            if (job != null && job.take()) {
                sql = run(job, sql);
            }
        }
        disconnect(sql);
    }

    private @Nullable Job<?> next() {
        try {
            return queue.poll(IDLE_WAIT_MILLIS);
        } catch (InterruptedException nobodyMay) {
            log.error("Somebody interrupted a reader of the store; only close() may end it", nobodyMay);
            return null;
        }
    }

    /** The connection to go on with; null if it is not to be trusted any more. */
    private @Nullable Sql run(Job<?> job, @Nullable Sql connected) {
        try {
            database.beginReading();
        } catch (StoreException down) {
            job.fail(down);
            return connected;
        }
        try {
            return runWhileReading(job, connected != null && database.isCurrent(connected) ? connected : null);
        } finally {
            database.endReading();
        }
    }

    private @Nullable Sql runWhileReading(Job<?> job, @Nullable Sql connected) {
        Sql sql = connected;
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    if (sql == null) {
                        sql = database.connectReader();
                    }
                    job.run(sql);
                    return sql;
                } catch (SQLException failure) {
                    disconnect(sql);
                    sql = null;
                    // The store may just have started over: once more with a new connection.
                    if (attempt == 2 || closing || H2Errors.isTimeout(failure)) {
                        job.fail(H2Errors.explain(failure));
                        return null;
                    }
                }
            }
        } catch (StoreException expected) {
            job.fail(expected);
        } catch (Throwable bug) {
            log.error("A query failed", bug);
            job.fail(H2Errors.explain(bug));
        }
        return sql;
    }

    private void disconnect(@Nullable Sql sql) {
        if (sql != null) {
            database.disconnectReader(sql);
        }
    }

    private void failLeftOvers() {
        for (Job<?> job = queue.poll(); job != null; job = queue.poll()) {
            job.fail(new StoreException(StoreException.Kind.UNAVAILABLE, "the store is closed"));
        }
    }
}
