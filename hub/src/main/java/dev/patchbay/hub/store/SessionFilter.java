package dev.patchbay.hub.store;

import java.util.Optional;

/** Which sessions; what is empty matches all. */
public record SessionFilter(Optional<String> agentId, Optional<String> channel) {
    public static final SessionFilter ALL = new SessionFilter(Optional.empty(), Optional.empty());
}
