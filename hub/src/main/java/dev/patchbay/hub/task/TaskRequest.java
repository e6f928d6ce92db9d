package dev.patchbay.hub.task;

import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.DedupKey;
import java.time.Duration;
import java.time.Instant;
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
        String caller) {
    private static final Duration KEY_KEPT = Duration.ofHours(24);

    /** Under which the same request is known when it comes again; empty if it names no key. */
    Optional<DedupKey> dedup(Instant now) {
        if (idempotencyKey == null) {
            return Optional.empty();
        }
        String key = String.join("\n", "tasks.create", caller, idempotencyKey);
        String content = String.join(
                "\n", text, agentId, session.toString(), timeout.toString(), retries.toString(), deliver.toString());
        return Optional.of(new DedupKey(key, DedupKey.digest(content), now.plus(KEY_KEPT)));
    }
}
