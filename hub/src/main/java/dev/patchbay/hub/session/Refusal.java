package dev.patchbay.hub.session;

import org.jspecify.annotations.Nullable;

/** A message was not taken in, and why. Nothing was stored. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final @Nullable String parameter;

    /** What was wrong. */
    public enum Reason {
        /** A parameter cannot be used; see {@link #parameter()}. */
        INVALID,
        /** It is for an agent that there is not, as far as this caller is to know. */
        NOT_FOUND,
        /** The session's lane or the whole inbox is full. */
        FULL,
        TOO_LARGE,
        SHUTTING_DOWN
    }

    Refusal(Reason reason, String message) {
        this(reason, null, message);
    }

    Refusal(Reason reason, @Nullable String parameter, String message) {
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
