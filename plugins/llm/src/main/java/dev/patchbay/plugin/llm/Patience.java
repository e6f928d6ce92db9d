package dev.patchbay.plugin.llm;

import java.time.Duration;

/** Time as turns see it: how much has passed, and waiting for more of it. Safe for many threads. */
interface Patience {
    /** The real one. */
    Patience SYSTEM = new Patience() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            Thread.sleep(time);
        }
    };

    /** Nanoseconds since some fixed moment. */
    long nanos();

    void pause(Duration time) throws InterruptedException;
}
