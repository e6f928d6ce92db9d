package dev.patchbay.hub.agent;

import dev.patchbay.api.Reply;
import dev.patchbay.hub.usage.Admission;
import java.util.Optional;

/** How a turn ended. */
public sealed interface TurnResult {

    /** The agent that was asked; for an answer the one that gave it. */
    String agentId();

    /**
     * There is something to say.
     *
     * @param agentId who answered, maybe a fallback
     * @param reply at least one message; each has text or attachments
     * @param text what the transcript keeps: the messages' texts, joined by a blank line; exactly what the sink was given
     */
    record Answered(String agentId, Reply reply, String text) implements TurnResult {}

    /** The agent chose to say nothing. */
    record Silent(String agentId) implements TurnResult {}

    /**
     * There is no answer. Pieces that were shown are to be taken back: they are no answer.
     *
     * @param agentId who was asked first
     * @param kind how that one failed
     * @param reason for operators and callers of the API: one line, no secret; names the failed fallbacks too
     * @param peerText what the peer is told instead; empty means nothing
     * @param spent the budget that kept it from being asked, with {@link Kind#BUDGET_SPENT} only
     */
    record Failed(String agentId, Kind kind, String reason, Optional<String> peerText, Optional<Admission.Spent> spent)
            implements TurnResult {

        public Failed(String agentId, Kind kind, String reason, Optional<String> peerText) {
            this(agentId, kind, reason, peerText, Optional.empty());
        }

        /** Why there is none. */
        public enum Kind {
            /** It was tried and failed. */
            FAILED,
            TIMED_OUT,
            /** It was not asked because it has cost enough. */
            BUDGET_SPENT,
            /** Somebody told the turn to end. */
            STOPPED,
            /** A newer message ended the turn. */
            INTERRUPTED
        }
    }
}
