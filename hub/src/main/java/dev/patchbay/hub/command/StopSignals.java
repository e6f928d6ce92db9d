package dev.patchbay.hub.command;

/** How a running hub learns that it is to stop: SIGTERM, Ctrl-C, a closed terminal. */
@FunctionalInterface
public interface StopSignals {

    /**
     * From now on the first signal calls this, on some thread; a second one ends the process at once.
     *
     * @param stop must not block
     */
    void onFirst(Runnable stop);
}
