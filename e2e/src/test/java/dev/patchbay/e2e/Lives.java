package dev.patchbay.e2e;

import java.util.BitSet;

/** Counts the processes that one hub has been, and remembers which of them were killed. Safe for use by many threads. */
final class Lives {
    private final BitSet killed = new BitSet();
    private int current;

    synchronized int current() {
        return current;
    }

    synchronized boolean endedByKill(int life) {
        return killed.get(life);
    }

    synchronized void isOver(boolean byKill) {
        killed.set(current, byKill);
        current++;
    }
}
