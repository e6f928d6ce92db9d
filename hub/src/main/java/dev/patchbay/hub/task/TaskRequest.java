package dev.patchbay.hub.task;

import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Target;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to be done.
 *
 * @param session in which it is done; empty: one of its own
 * @param timeout for one attempt; empty: as long as it takes
 * @param retries after failed attempts; empty: as many as there are waits
 * @param deliver who gets the result
 * @param idempotencyKey recognises a repeat within 24 hours
 * @param caller the token's name, part of the idempotency key
 */
public record TaskRequest(
        String text,
        String agentId,
        Optional<SessionKey> session,
        Optional<Duration> timeout,
        Optional<Integer> retries,
        Target deliver,
        @Nullable String idempotencyKey,
        String caller) {}
