package dev.patchbay.api;

import java.util.Objects;

/**
 * What became of a message whose sender waits for the answer.
 *
 * @param status how the turn ended, or that it has not
 * @param text the agent's text; empty unless answered
 * @param sessionKey the session in which it ran
 */
public record Answer(Receipt receipt, Status status, String text, String sessionKey) {

    /** How a turn ended. */
    public enum Status {
        ANSWERED,
        /** The agent chose to say nothing. */
        SILENT,
        AGENT_FAILED,
        AGENT_TIMED_OUT,
        /** Not within the wait: the answer goes out through the delivery queue instead. */
        PENDING
    }

    public Answer {
        Objects.requireNonNull(receipt, "receipt");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(sessionKey, "sessionKey");
    }
}
