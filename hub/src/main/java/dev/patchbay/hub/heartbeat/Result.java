package dev.patchbay.hub.heartbeat;

import java.util.Locale;

/** How a heartbeat ended. */
public enum Result {
    /** There was something to say, and it was said. */
    SENT,
    /** There was nothing to say. */
    SILENT,
    /** It was said already within a day. */
    DUPLICATE,
    /** A check was in the way, or a user came first. */
    SKIPPED,
    /** The agent failed, or nobody is there to hear it. */
    FAILED;

    /** As programs see it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
