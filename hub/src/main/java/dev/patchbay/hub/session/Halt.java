package dev.patchbay.hub.session;

import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Ends a turn before its time. Only while an agent is asked is the turn's thread interrupted; what is said or stored is not cut off.
 * Safe for many threads.
 */
final class Halt {
    private enum Phase {
        /** Messages may still join. */
        GATHERING,
        BEGUN,
        ASKING
    }

    private final CountDownLatch over = new CountDownLatch(1);
    private Phase phase = Phase.GATHERING;
    private long latest;
    private @Nullable Kind kind;
    private long endedBy;
    private boolean hasCut;
    private @Nullable Thread asking;

    /** Asks an agent. */
    @FunctionalInterface
    interface Question {
        TurnResult ask() throws InterruptedException;
    }

    /**
     * For a turn that is about to come.
     *
     * @param place of its first message; nobody who came before it may end the turn
     */
    Halt(long place) {
        latest = place;
    }

    /**
     * Ends the turn, if it has not come further than its agent.
     *
     * @param why {@code STOPPED} or {@code INTERRUPTED}; what still gathers is not interrupted but joined
     * @param place of the message that ends it; it has come after all that the turn is about
     * @return false if it is not to be ended by this one
     */
    synchronized boolean end(Kind why, long place) {
        if (place <= latest || kind != null || isOver() || (why == Kind.INTERRUPTED && phase == Phase.GATHERING)) {
            return false;
        }
        kind = why;
        endedBy = place;
        if (asking != null) {
            asking.interrupt();
        }
        return true;
    }

    /** Whether a message may still join: not what came after the turn was told to end. */
    synchronized boolean admits(long place) {
        return kind == null || place < endedBy;
    }

    synchronized boolean isTold() {
        return kind != null;
    }

    /** No message joins any more. */
    synchronized void begin(long place) {
        phase = Phase.BEGUN;
        latest = place;
    }

    /** Asks the agent unless the turn is told to end, and leaves it if that happens meanwhile. By the turn's thread. */
    TurnResult guard(String agentId, Question question) throws InterruptedException {
        if (!mayAsk()) {
            return cut(agentId);
        }
        try {
            TurnResult result = question.ask();
            rest();
            return result;
        } catch (InterruptedException stop) {
            if (!rest()) {
                throw stop;
            }
            return cut(agentId);
        } catch (RuntimeException | Error failure) {
            rest();
            throw failure;
        }
    }

    private synchronized boolean mayAsk() {
        if (kind != null) {
            return false;
        }
        phase = Phase.ASKING;
        asking = Thread.currentThread();
        return true;
    }

    /** From now on nobody interrupts; true if somebody did. */
    private synchronized boolean rest() {
        phase = Phase.BEGUN;
        asking = null;
        // An interrupt that came after the answer must not hit the store.
        if (kind != null) {
            var unused = Thread.interrupted();
        }
        return kind != null;
    }

    private synchronized TurnResult cut(String agentId) {
        hasCut = true;
        Kind why = kind == null ? Kind.STOPPED : kind;
        return new TurnResult.Failed(
                agentId,
                why,
                why == Kind.STOPPED ? "stopped by /stop" : "interrupted by a newer message",
                Optional.empty());
    }

    /** Whether it was ended before it had an answer. */
    synchronized boolean hasCut() {
        return hasCut;
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    void close() {
        over.countDown();
    }

    /** Opens when the turn is stored. */
    CountDownLatch over() {
        return over;
    }
}
