package dev.patchbay.hub.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * How one agent is.
 *
 * @param running turns it is in, also those given up that have not ended yet
 * @param trouble why it never answers, without secrets; empty if it was opened
 */
public record AgentStatus(
        String id,
        String type,
        Breaker breaker,
        int running,
        int maxConcurrent,
        Duration timeout,
        Optional<String> fallback,
        Optional<String> trouble) {

    /** Where the circuit breaker stands. */
    public enum Breaker {
        /** Turns go through. */
        CLOSED,
        /** One turn goes through to see. */
        HALF_OPEN,
        /** Turns fail at once. */
        OPEN
    }
}
