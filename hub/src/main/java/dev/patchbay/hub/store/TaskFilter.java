package dev.patchbay.hub.store;

import java.util.Optional;

/** Which tasks; what is empty lets all through. */
public record TaskFilter(Optional<TaskState> state, Optional<String> agentId, Optional<String> sessionKey) {
    public static final TaskFilter ALL = new TaskFilter(Optional.empty(), Optional.empty(), Optional.empty());
}
