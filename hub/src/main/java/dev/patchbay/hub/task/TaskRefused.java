package dev.patchbay.hub.task;

import org.jspecify.annotations.Nullable;

/** A task was not taken, and why. Nothing was stored. */
public final class TaskRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final @Nullable String parameter;

    /** What was wrong. */
    public enum Reason {
        /** A parameter cannot be used; see {@link #parameter()}. */
        INVALID,
        /** Too many have not ended. */
        FULL,
        SHUTTING_DOWN
    }

    TaskRefused(Reason reason, @Nullable String parameter, String message) {
        super(message);
        this.reason = reason;
        this.parameter = parameter;
    }

    public Reason reason() {
        return reason;
    }

    /** The wire name of the parameter that is wrong, if it is one. */
    public @Nullable String parameter() {
        return parameter;
    }
}
