package dev.patchbay.hub.store;

import java.util.Optional;
import java.util.Set;

/**
 * Which sessions; what is empty matches all.
 *
 * @param agents only those of one of these
 * @param archived false: transcripts in use, true: those that were put away
 */
public record SessionFilter(
        Optional<String> agentId, Optional<String> channel, boolean archived, Optional<Set<String>> agents) {
    public static final SessionFilter ALL = new SessionFilter(Optional.empty(), Optional.empty());

    public SessionFilter {
        agents = agents.map(Set::copyOf);
    }

    /** Of any agent. */
    public SessionFilter(Optional<String> agentId, Optional<String> channel, boolean archived) {
        this(agentId, channel, archived, Optional.empty());
    }

    /** Transcripts in use. */
    public SessionFilter(Optional<String> agentId, Optional<String> channel) {
        this(agentId, channel, false);
    }
}
