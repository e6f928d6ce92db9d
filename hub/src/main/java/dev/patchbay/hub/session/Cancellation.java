package dev.patchbay.hub.session;

import org.jspecify.annotations.Nullable;

/** Lets somebody end a turn while its agent is being asked. For one turn; safe for many threads. */
public final class Cancellation {
    private @Nullable Thread asking;
    private boolean called;

    /** Interrupts the agent, now or as soon as it is asked; what was answered already stays so. */
    public synchronized void call() {
        called = true;
        if (asking != null) {
            asking.interrupt();
        }
    }

    public synchronized boolean isCalled() {
        return called;
    }

    /** The calling thread goes to the agent now; false if it is not to. */
    synchronized boolean begin() {
        asking = called ? null : Thread.currentThread();
        return !called;
    }

    /** The calling thread is back, and no interrupt of ours is left with it. */
    synchronized void end() {
        asking = null;
        if (called) {
            Thread.interrupted();
        }
    }
}
