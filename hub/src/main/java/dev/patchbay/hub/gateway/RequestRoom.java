package dev.patchbay.hub.gateway;

import java.util.function.BooleanSupplier;

/** The requests of one socket that are under way; only a few while the hub has many, so that there is room for other clients. */
final class RequestRoom {
    /** Enough to keep a hub busy, and few enough that thirty sockets that flood leave room. */
    private static final int FEW = 16;

    private final int most;
    private final BooleanSupplier crowded;
    private int underWay;

    /**
     * Room for requests.
     *
     * @param most under way at once, from 1
     * @param crowded whether the hub has many of all clients
     */
    RequestRoom(int most, BooleanSupplier crowded) {
        this.most = most;
        this.crowded = crowded;
    }

    synchronized boolean tryEnter() {
        if (underWay >= (crowded.getAsBoolean() ? Math.min(FEW, most) : most)) {
            return false;
        }
        underWay++;
        return true;
    }

    /** Waits for room: for the end of one of our own, as only those are too many. */
    synchronized void enter() throws InterruptedException {
        while (!tryEnter()) {
            wait();
        }
    }

    synchronized void leave() {
        underWay--;
        notifyAll();
    }
}
