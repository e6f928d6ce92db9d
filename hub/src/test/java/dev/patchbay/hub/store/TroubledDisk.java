package dev.patchbay.hub.store;

import java.util.ArrayDeque;
import java.util.Queue;

/** Fails once per order: before a write, or after it is on disk although it says otherwise. Safe for many threads. */
public final class TroubledDisk implements MemoryStore.Gate {
    private final Queue<String> refused = new ArrayDeque<>();
    private final Queue<String> denied = new ArrayDeque<>();

    /** The next such operation fails, and nothing has happened. */
    public synchronized void willRefuse(String operation) {
        refused.add(operation);
    }

    /** The next such write is stored, and its caller is told that it is not. */
    public synchronized void willDeny(String operation) {
        denied.add(operation);
    }

    @Override
    public synchronized void before(String operation) {
        failIf(refused.remove(operation));
    }

    @Override
    public synchronized void committed(String operation) {
        failIf(denied.remove(operation));
    }

    private static void failIf(boolean fails) {
        if (fails) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the disk is away");
        }
    }
}
