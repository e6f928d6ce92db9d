package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.lane.Stopwatch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * One turn on a thread of its own, which the hub can leave behind: an agent that heeds no interrupt keeps its thread and its
 * place, but not the turn.
 */
final class AgentRun implements Runnable {
    private final Agent agent;
    private final Turn turn;
    private final TurnGate gate;
    private final Leaving leaving;
    private final CountDownLatch ended = new CountDownLatch(1);
    // Written before the latch opens, read after.
    private @Nullable Reply reply;
    private @Nullable Throwable thrown;
    private @Nullable Thread thread;

    /** Learns that the agent's thread has ended, however late. */
    @FunctionalInterface
    interface Leaving {

        /**
         * Called once, before the caller goes on: its next turn must find the place free.
         *
         * @param isInTime whether somebody still waits for the answer
         */
        void left(@Nullable Reply answer, @Nullable Throwable trouble, boolean isInTime);
    }

    private AgentRun(Agent agent, Turn turn, ReplySink sink, Leaving leaving) {
        this.agent = agent;
        this.turn = turn;
        this.gate = new TurnGate(sink);
        this.leaving = leaving;
    }

    /** Starts the turn. */
    static AgentRun start(Agent agent, Turn turn, ReplySink sink, ThreadFactory threads, Leaving leaving) {
        var run = new AgentRun(agent, turn, sink, leaving);
        try {
            Thread thread = threads.newThread(run);
            thread.setName("agent-" + turn.agentId());
            // Libraries inside plugins look for their services here.
            thread.setContextClassLoader(agent.getClass().getClassLoader());
            run.thread = thread;
            thread.start();
        } catch (Throwable noThread) {
            run.end(null, noThread);
        }
        return run;
    }

    @Override
    public void run() {
        Reply answer = null;
        Throwable trouble = null;
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("given up before it began");
            }
            answer = agent.reply(turn, gate);
        } catch (Throwable anything) {
            trouble = anything;
        }
        end(answer, trouble);
    }

    /** Waits for the end; if it does not come in time, or the wait is interrupted, ends the turn without the agent. */
    boolean await(Duration most, Stopwatch stopwatch) throws InterruptedException {
        try {
            if (stopwatch.await(ended, most)) {
                return true;
            }
        } catch (InterruptedException stopped) {
            if (agent instanceof Staffed staffed) {
                staffed.stopped(turn.messageId());
            }
            giveUp();
            throw stopped;
        }
        if (giveUp()) {
            return false;
        }
        // It ended in this very moment; the latch is about to open.
        ended.await();
        return true;
    }

    TurnGate gate() {
        return gate;
    }

    @Nullable
    Reply reply() {
        return reply;
    }

    @Nullable
    Throwable thrown() {
        return thrown;
    }

    private boolean giveUp() {
        boolean first = gate.close();
        if (first && thread != null) {
            thread.interrupt();
        }
        return first;
    }

    private void end(@Nullable Reply answer, @Nullable Throwable trouble) {
        reply = answer;
        thrown = trouble;
        leaving.left(answer, trouble, gate.close());
        ended.countDown();
    }
}
