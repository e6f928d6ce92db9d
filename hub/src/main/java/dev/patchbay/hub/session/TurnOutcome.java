package dev.patchbay.hub.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a turn ended, as its caller learns it.
 *
 * @param text the agent's text; empty unless answered
 * @param error why there is no answer, without secrets; null if there is one, or silence
 * @param at when it ended
 * @param tokens tokens read and written; 0 if nobody counted
 */
public record TurnOutcome(
        String messageId,
        String sessionKey,
        String agentId,
        Status status,
        String text,
        @Nullable String error,
        Instant at,
        long tokens) {

    /** The kinds of end. */
    public enum Status {
        ANSWERED,
        SILENT,
        AGENT_FAILED,
        AGENT_TIMED_OUT,
        /** Not ended: the store does not take it now; it will be tried again without the caller. */
        NOT_STORED,
        /** Not ended: the hub stops; it runs at the next start. */
        SHUTTING_DOWN,
        /** Ended earlier, but its transcript has been cleared since. */
        FORGOTTEN
    }
}
