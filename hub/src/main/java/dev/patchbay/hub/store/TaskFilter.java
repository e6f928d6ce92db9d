package dev.patchbay.hub.store;

import java.util.Optional;
import java.util.Set;

/**
 * Which tasks; what is empty lets all through.
 *
 * @param agents only those of one of these
 */
public record TaskFilter(
        Optional<TaskState> state,
        Optional<String> agentId,
        Optional<String> sessionKey,
        Optional<Set<String>> agents) {
    public TaskFilter {
        agents = agents.map(Set::copyOf);
    }

    /** Of any agent. */
    public TaskFilter(Optional<TaskState> state, Optional<String> agentId, Optional<String> sessionKey) {
        this(state, agentId, sessionKey, Optional.empty());
    }

    public static final TaskFilter ALL = new TaskFilter(Optional.empty(), Optional.empty(), Optional.empty());
}
