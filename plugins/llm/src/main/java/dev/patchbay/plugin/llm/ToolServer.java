package dev.patchbay.plugin.llm;

import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tool server, started when it is first needed and again when it has died, at most ten times an hour. Whatever it does costs the
 * one call. Safe for many threads.
 */
final class ToolServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ToolServer.class);
    private static final int STARTS_MAX = 10;
    private static final Duration STARTS_WITHIN = Duration.ofHours(1);
    /** An address that does not answer costs little, and it may be back soon. */
    private static final Duration BETWEEN_CONNECTS = Duration.ofSeconds(5);
    /** Calls in a row without an answer, after which the server is taken for dead. */
    private static final int SILENT_CALLS_MAX = 2;

    private final ToolServerSettings settings;
    private final Map<String, String> surroundings;
    private final Patience patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Long> starts = new ArrayDeque<>();
    private @Nullable ToolConnection connection;
    private List<McpSchema.Tool> known = List.of();
    private int silentCalls;
    private boolean closed;

    ToolServer(ToolServerSettings settings, Map<String, String> surroundings, Patience patience) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.patience = patience;
    }

    ToolServerSettings settings() {
        return settings;
    }

    /** Sees to it that it is being started, unless it runs or has been started too often. Does not wait for it. */
    void wake() {
        current();
    }

    /**
     * What it can do, as far as it has said so by now.
     *
     * @param patienceNanos how long to wait for one that is just starting
     */
    List<McpSchema.Tool> tools(long patienceNanos) throws InterruptedException {
        ToolConnection now = current();
        if (now != null) {
            try {
                // Its time begins with its start: a server that hangs holds up the first turn only.
                long left = now.startedNanos() + settings.startTimeout().toNanos() - patience.nanos();
                List<McpSchema.Tool> said =
                        now.tools().get(Math.max(0, Math.min(left, patienceNanos)), TimeUnit.NANOSECONDS);
                lock.lockInterruptibly();
                try {
                    known = said;
                } finally {
                    lock.unlock();
                }
            } catch (TimeoutException notYet) {
                log.warn("Tool server {} is not ready yet; this turn goes without it", settings.name());
            } catch (ExecutionException failed) {
                drop(now, ToolConnection.reason(failed.getCause()));
            }
        }
        lock.lockInterruptibly();
        try {
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** Calls a tool; what went wrong is said as {@code Error: …}. */
    String call(String tool, Map<String, Object> arguments) throws InterruptedException {
        ToolConnection now = current();
        if (now == null) {
            return "Error: the tool server " + settings.name() + " is down";
        }
        CompletableFuture<McpSchema.CallToolResult> call = now.call(tool, arguments);
        try {
            CompletableFuture.anyOf(call, now.gone()).get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
            if (call.isDone()) {
                answered();
                return ToolResult.text(call.get());
            }
            String reason = now.gone().get();
            drop(now, reason);
            return "Error: the tool server " + settings.name() + " has failed: " + reason;
        } catch (TimeoutException silent) {
            return silence(now);
        } catch (ExecutionException failed) {
            String reason = ToolConnection.reason(failed.getCause());
            if (!ToolConnection.isAnswer(failed.getCause())) {
                drop(now, reason);
            }
            return "Error: " + reason;
        } finally {
            call.cancel(true);
        }
    }

    private void answered() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            silentCalls = 0;
        } finally {
            lock.unlock();
        }
    }

    private String silence(ToolConnection now) throws InterruptedException {
        lock.lockInterruptibly();
        boolean isDead;
        try {
            isDead = ++silentCalls >= SILENT_CALLS_MAX;
        } finally {
            lock.unlock();
        }
        if (isDead) {
            drop(now, "it does not answer");
        }
        return "Error: the tool server " + settings.name() + " has not answered within "
                + settings.timeout().toMillis() + " ms";
    }

    private @Nullable ToolConnection current() {
        lock.lock();
        try {
            ToolConnection now = connection;
            if (now != null && now.gone().isDone()) {
                log.warn(
                        "Tool server {} is gone: {}",
                        settings.name(),
                        now.gone().getNow(""));
                now.closeLater();
                connection = null;
                now = null;
            }
            if (now == null && !closed && mayStart()) {
                now = ToolConnection.open(settings, surroundings, patience.nanos());
                connection = now;
                silentCalls = 0;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayStart() {
        long now = patience.nanos();
        if (!settings.isProcess()) {
            if (!starts.isEmpty() && now - starts.getFirst() < BETWEEN_CONNECTS.toNanos()) {
                return false;
            }
            starts.clear();
            starts.addLast(now);
            return true;
        }
        while (!starts.isEmpty() && now - starts.getFirst() > STARTS_WITHIN.toNanos()) {
            starts.removeFirst();
        }
        if (starts.size() >= STARTS_MAX) {
            return false;
        }
        starts.addLast(now);
        if (starts.size() == STARTS_MAX) {
            log.error(
                    "Tool server {} was started {} times within an hour; should it end again, it stays down until the"
                            + " hour is over",
                    settings.name(),
                    STARTS_MAX);
        }
        return true;
    }

    private void drop(ToolConnection failed, String reason) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (connection == failed) {
                connection = null;
                log.warn("Tool server {} failed: {}", settings.name(), reason);
                failed.closeLater();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        ToolConnection last;
        lock.lock();
        try {
            closed = true;
            last = connection;
            connection = null;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.close();
        }
    }
}
