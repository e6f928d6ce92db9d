package dev.patchbay.hub.gateway;

import dev.patchbay.hub.memory.ByteBudget;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Knows all open connections and looks at each of them once a second: senders that are too slow, writes that do not get on,
 * connections without use, peers that have vanished. Safe for many threads.
 */
final class ConnectionWatch {
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration ENDING = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 5;

    private final GatewaySettings settings;
    private final Executor threads;
    private final LongSupplier nanos;
    private final ByteBudget budget;
    private final ConcurrentHashMap<Thread, Guard> guards = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor rounds = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("connection-watch").daemon().factory());

    ConnectionWatch(GatewaySettings settings, Executor threads, LongSupplier nanos) {
        this.settings = settings;
        this.threads = threads;
        this.nanos = nanos;
        this.budget = new ByteBudget(settings.bounds().bodyBytes());
        long every = Math.min(
                ROUND.toMillis(),
                Math.max(
                        10,
                        Math.min(
                                        settings.readTimeout().toMillis(),
                                        settings.bounds().pingEvery().toMillis())
                                / 4));
        var unused = rounds.scheduleWithFixedDelay(this::round, every, every, TimeUnit.MILLISECONDS);
    }

    long now() {
        // Never 0, which stands for "not at all" where moments are kept.
        return nanos.getAsLong() | 1;
    }

    ByteBudget budget() {
        return budget;
    }

    int open() {
        return guards.size();
    }

    void background(Runnable task) {
        threads.execute(task);
    }

    /** The guard of the connection whose thread this is. */
    Guard current() {
        return Objects.requireNonNull(guards.get(Thread.currentThread()), "not a connection's thread");
    }

    /** The server's own way to make connections, each under a guard. */
    ServerConnectionSelector guarded(Http1ConnectionSelector http) {
        return new ServerConnectionSelector() {
            @Override
            public int bytesToIdentifyConnection() {
                return http.bytesToIdentifyConnection();
            }

            @Override
            public Support supports(BufferData data) {
                return http.supports(data);
            }

            @Override
            public Set<String> supportedApplicationProtocols() {
                return http.supportedApplicationProtocols();
            }

            @Override
            public ServerConnection connection(ConnectionContext context) {
                var guard = new Guard(context, ConnectionWatch.this);
                return new Watched(http.connection(guard), guard);
            }
        };
    }

    /** Stops looking. */
    void halt() {
        rounds.shutdownNow();
    }

    /** Waits until no answer is being written. */
    void awaitAnswers(Duration within) throws InterruptedException {
        await(within, () -> guards.values().stream().noneMatch(Guard::isAnswering));
    }

    /** Ends all connections and waits a moment for their threads to notice. */
    void close() throws InterruptedException {
        halt();
        guards.values().forEach(Guard::cut);
        await(ENDING, guards::isEmpty);
    }

    private void await(Duration within, BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        var pause = new CountDownLatch(1);
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            var unused = pause.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void round() {
        long now = now();
        for (Guard each : guards.values()) {
            try {
                each.check(now, settings);
            } catch (RuntimeException oneOnly) {
                each.cut();
            }
        }
    }

    private final class Watched implements ServerConnection, InterruptableTask<Void> {
        private final ServerConnection connection;
        private final Guard guard;

        Watched(ServerConnection connection, Guard guard) {
            this.connection = connection;
            this.guard = guard;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            guards.put(Thread.currentThread(), guard);
            try {
                connection.handle(limit);
            } finally {
                guards.remove(Thread.currentThread());
                guard.requestDone();
            }
        }

        @Override
        public boolean canInterrupt() {
            return connection instanceof InterruptableTask<?> task && task.canInterrupt();
        }

        @Override
        public Duration idleTime() {
            // Idle connections are ours to close.
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }
    }
}
