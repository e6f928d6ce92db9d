package dev.patchbay.hub.session;

/** What a new message does that finds its session at a turn. */
public enum Busy {
    /** It waits for its own turn. */
    QUEUE,
    /** It ends that turn and begins its own. */
    INTERRUPT,
    /** It waits, and what has come meanwhile becomes one turn. */
    COLLECT
}
