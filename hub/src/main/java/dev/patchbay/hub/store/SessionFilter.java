package dev.patchbay.hub.store;

import java.util.Optional;

/**
 * Which sessions; what is empty matches all.
 *
 * @param archived false: transcripts in use, true: those that were put away
 */
public record SessionFilter(Optional<String> agentId, Optional<String> channel, boolean archived) {
    public static final SessionFilter ALL = new SessionFilter(Optional.empty(), Optional.empty());

    /** Transcripts in use. */
    public SessionFilter(Optional<String> agentId, Optional<String> channel) {
        this(agentId, channel, false);
    }
}
