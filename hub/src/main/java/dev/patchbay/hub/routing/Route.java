package dev.patchbay.hub.routing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who answers a message, and in which session.
 *
 * @param binding the rule that won; null in tier {@link Tier#DEFAULT}
 */
public record Route(String agentId, Tier tier, @Nullable Binding binding, SessionKey sessionKey) {
    public Route {
        Objects.requireNonNull(agentId, "agentId");
        Objects.requireNonNull(tier, "tier");
        Objects.requireNonNull(sessionKey, "sessionKey");
    }
}
