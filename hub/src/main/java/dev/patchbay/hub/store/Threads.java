package dev.patchbay.hub.store;

/** Waiting for the store's own threads. */
final class Threads {
    private Threads() {}

    /** Waits to the end, whatever happens: leaving earlier would close the files under a running commit. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
