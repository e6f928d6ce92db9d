package dev.patchbay.hub.store;

import java.util.Locale;

/** What becomes of a task. */
public enum TaskState {
    /** Waits for its turn. */
    QUEUED,
    /** Its agent works on it. */
    RUNNING,
    /** An attempt has failed; the next one comes later. */
    RETRYING,
    DONE,
    FAILED,
    CANCELLED,
    /** Its time ran out before it ended. */
    EXPIRED;

    /** Whether there is still something to come. */
    public boolean isOpen() {
        return this == QUEUED || this == RUNNING || this == RETRYING;
    }

    /** As it is written on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
