package dev.patchbay.api;

import java.time.Duration;

/** An inbound message was not stored. The channel must not acknowledge it; what to answer its platform is in the reason. */
public final class NotAccepted extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final Duration retryAfter;

    /** Why a message was not stored. */
    public enum Reason {
        /** Too many messages wait for this session, or in all. Worth repeating after {@link #retryAfter()}. */
        FULL,
        /** Disk full or store down. Worth repeating. */
        NOT_STORED,
        /** The hub shuts down. Worth repeating: the platform will find it or its successor. */
        SHUTTING_DOWN,
        /** Larger than the hub takes. Repeating is useless. */
        TOO_LARGE,
        /** Something required is missing or malformed; the message says what. Repeating is useless. */
        INVALID
    }

    public NotAccepted(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** When to try again; zero if that is useless. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
