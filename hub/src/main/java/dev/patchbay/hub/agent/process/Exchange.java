package dev.patchbay.hub.agent.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is said in one turn, handed from the thread that reads to the one that runs the turn. Holds two lines at most, so that a
 * program that is quicker than its turn waits.
 */
final class Exchange {
    private static final int LINES_MAX = 2;

    private final String messageId;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<JsonNode> said = new ArrayDeque<>(LINES_MAX);
    private @Nullable WorkerLost lost;
    private boolean isOver;
    private volatile boolean isStopped;

    Exchange(String messageId) {
        this.messageId = messageId;
    }

    String messageId() {
        return messageId;
    }

    /** Waits until there is room; false if the turn is over. */
    boolean put(JsonNode line) {
        lock.lock();
        try {
            while (!isOver && lost == null && said.size() >= LINES_MAX) {
                changed.awaitUninterruptibly();
            }
            if (isOver || lost != null) {
                return false;
            }
            said.addLast(line);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** No more will be said. What was said before still counts. */
    void lose(WorkerLost why) {
        lock.lock();
        try {
            lost = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next line; null if none came in time. */
    @Nullable
    JsonNode poll(long nanos) throws WorkerLost, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (said.isEmpty() && lost == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            JsonNode line = said.pollFirst();
            if (line == null && lost != null) {
                throw lost;
            }
            changed.signalAll();
            return line;
        } finally {
            lock.unlock();
        }
    }

    /** Somebody wants no answer any more. */
    void stop() {
        isStopped = true;
    }

    boolean isStopped() {
        return isStopped;
    }

    void close() {
        lock.lock();
        try {
            isOver = true;
            said.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
