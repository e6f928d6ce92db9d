package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A session as listed.
 *
 * @param updatedAt of an archive: when it was put away
 * @param archiveId the name of a transcript that was put away; empty: it is in use
 */
public record StoredSession(
        SessionIdentity identity, Instant createdAt, Instant updatedAt, long messageCount, Optional<String> archiveId) {

    /** One whose transcript is in use. */
    public StoredSession(SessionIdentity identity, Instant createdAt, Instant updatedAt, long messageCount) {
        this(identity, createdAt, updatedAt, messageCount, Optional.empty());
    }
}
