package dev.patchbay.hub.agent;

import dev.patchbay.hub.usage.PurseStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How one agent is.
 *
 * @param running turns it is in, also those given up that have not ended yet
 * @param trouble why it does not answer, without secrets: it could not be opened, or has no worker and gets none for now
 * @param staff its workers, if it has any
 * @param purse what it has used and spent
 */
public record AgentStatus(
        String id,
        String type,
        Breaker breaker,
        int running,
        int maxConcurrent,
        Duration timeout,
        Optional<String> fallback,
        Optional<String> trouble,
        Optional<Staff> staff,
        PurseStatus purse) {

    /** On the wire: ok, half_open, open or failed. */
    public String stateWord() {
        if (trouble.isPresent()) {
            return "failed";
        }
        return breaker == Breaker.CLOSED ? "ok" : breaker.name().toLowerCase(Locale.ROOT);
    }

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
