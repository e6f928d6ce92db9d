package dev.patchbay.hub.task;

import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Cancellation;
import dev.patchbay.hub.store.TaskChange;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A task that has not ended. Its changes come one after the other, on disk first. Safe for many threads. */
final class OpenTask {
    private static final Duration TOLD_EVERY = Duration.ofSeconds(1);

    private final String taskId;
    private final SessionKey session;
    private final Instant createdAt;
    private final Instant expiresAt;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile TaskStanding standing;
    private volatile Cancellation halt = new Cancellation();

    // ---- progress, by whoever holds this object's monitor
    private int progress;
    private @Nullable String note;
    private boolean isToldSoon;
    private Instant nextTelling = Instant.EPOCH;

    /** Makes a change durable. */
    @FunctionalInterface
    interface Writing {
        void write(TaskChange change) throws InterruptedException;
    }

    /** What a task becomes, from what it is; null: it stays. */
    @FunctionalInterface
    interface Step {
        @Nullable
        TaskStanding from(TaskStanding before);
    }

    OpenTask(String taskId, SessionKey session, Instant createdAt, Instant expiresAt, TaskStanding standing) {
        this.taskId = taskId;
        this.session = session;
        this.createdAt = createdAt;
        this.expiresAt = expiresAt;
        this.standing = standing;
    }

    String taskId() {
        return taskId;
    }

    String agentId() {
        return session.agentId();
    }

    SessionKey session() {
        return session;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    TaskStanding standing() {
        return standing;
    }

    /** Ends the attempt that runs. */
    Cancellation halt() {
        return halt;
    }

    /**
     * Takes one step; false if it stays as it is, because the step says so or it has ended.
     *
     * @throws dev.patchbay.hub.store.StoreException if the step could not be stored
     */
    boolean change(Step step, Writing writing) throws InterruptedException {
        changing.lockInterruptibly();
        try {
            TaskStanding next = standing.state().isOpen() ? step.from(standing) : null;
            if (next == null) {
                return false;
            }
            writing.write(new TaskChange(taskId, next));
            standing = next;
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** It has ended in a way that was stored already. */
    void ended(TaskStanding last) {
        standing = last;
    }

    /** A new attempt: nothing has been heard of it yet. */
    synchronized void begins() {
        halt = new Cancellation();
        progress = 0;
        note = null;
    }

    /** Its agent says how far it is; when that is to be written down, null if somebody is about to. */
    synchronized @Nullable Instant heard(int percent, @Nullable String what, Instant now) {
        progress = Math.clamp(percent, 0, 100);
        note = what;
        if (isToldSoon) {
            return null;
        }
        isToldSoon = true;
        Instant due = nextTelling.isAfter(now) ? nextTelling : now;
        nextTelling = due.plus(TOLD_EVERY);
        return due;
    }

    /** How far it is, as its agent said last. */
    synchronized @Nullable TaskStanding withProgress(TaskStanding before) {
        isToldSoon = false;
        return before.state() != TaskState.RUNNING
                ? null
                : new TaskStanding(
                        before.state(),
                        before.attempts(),
                        before.failures(),
                        progress,
                        note,
                        before.error(),
                        before.startedAt(),
                        null,
                        null);
    }
}
