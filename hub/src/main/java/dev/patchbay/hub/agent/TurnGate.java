package dev.patchbay.hub.agent;

import dev.patchbay.api.ReplySink;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stands between an agent and the hub's sink for one turn: lets pieces through until it is closed, bounds them, and keeps what
 * was shown. Safe for many threads; once {@link #close()} has returned, the agent reaches the sink no more.
 */
final class TurnGate implements ReplySink {
    /** UTF-8 bytes in one answer. */
    static final int TEXT_BYTES_MAX = 10 * 1024 * 1024;

    private final ReplySink sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final AnswerText text = new AnswerText();
    private boolean closed;
    private boolean overrun;

    TurnGate(ReplySink sink) {
        this.sink = sink;
    }

    @Override
    public void delta(String piece) {
        lock.lock();
        try {
            if (closed) {
                throw new CancellationException("the turn is over");
            }
            // Before it is copied, too: a char is at least one byte.
            overrun |= piece.length() > TEXT_BYTES_MAX;
            if (!overrun) {
                text.append(piece);
                overrun = text.utf8Bytes() > TEXT_BYTES_MAX;
            }
            if (overrun) {
                throw new IllegalStateException("the answer is longer than 10 MB");
            }
            show();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void progress(int percent, @Nullable String note) {
        lock.lock();
        try {
            if (closed) {
                throw new CancellationException("the turn is over");
            }
            sink.progress(percent, note);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the turn; true for the first who does. */
    boolean close() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody may have seen a piece. */
    boolean hasShown() {
        lock.lock();
        try {
            return text.isTaken();
        } finally {
            lock.unlock();
        }
    }

    /** Whether pieces were refused because there were too many. */
    boolean isOverrun() {
        lock.lock();
        try {
            return overrun;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Shows what is left of the whole answer, all of it if there were no pieces. By the hub, after {@link #close()}.
     *
     * @param whole well-formed
     * @return false if the pieces do not add up to it
     */
    boolean complete(String whole) {
        lock.lock();
        try {
            if (text.isEmpty()) {
                text.append(whole);
            }
            if (!text.finish().equals(whole)) {
                return false;
            }
            show();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void show() {
        String piece = text.take();
        if (!piece.isEmpty()) {
            sink.delta(piece);
        }
    }
}
