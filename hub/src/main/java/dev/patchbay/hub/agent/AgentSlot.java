package dev.patchbay.hub.agent;

import java.util.ArrayList;
import java.util.List;

/** An agent's place among the others: who answers there now, and whose turns run. Safe for many threads. */
final class AgentSlot {
    private volatile GuardedAgent agent;
    private int turns;
    private final List<Runnable> aside = new ArrayList<>();

    AgentSlot(GuardedAgent first) {
        agent = first;
    }

    GuardedAgent agent() {
        return agent;
    }

    /** A turn of this agent begins: those beside it give way. */
    synchronized void begin() {
        turns++;
        aside.forEach(Runnable::run);
    }

    synchronized void end() {
        turns--;
    }

    synchronized void beginAside(Runnable giveWay) {
        aside.add(giveWay);
        if (turns > 0) {
            giveWay.run();
        }
    }

    synchronized void endAside(Runnable giveWay) {
        aside.remove(giveWay);
    }

    synchronized boolean isBusy() {
        return turns > 0;
    }

    synchronized GuardedAgent replace(GuardedAgent next) {
        GuardedAgent before = agent;
        agent = next;
        return before;
    }
}
