package dev.patchbay.hub.gateway;

import java.util.ArrayList;
import java.util.List;

/** What is to be done when a client is gone; done at once for one that is gone already. Safe for many threads. */
final class CloseActions {
    private final List<Runnable> actions = new ArrayList<>(1);
    private boolean closed;

    void add(Runnable action) {
        synchronized (actions) {
            if (!closed) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    /** The client is gone. A second call finds nothing left to do. */
    void run() {
        List<Runnable> due;
        synchronized (actions) {
            closed = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }
}
