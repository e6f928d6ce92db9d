package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A session as listed.
 *
 * @param updatedAt of an archive: when it was put away
 * @param archiveId the name of a transcript that was put away; empty: it is in use
 * @param use what its turns have used; chat.clear keeps it
 */
public record StoredSession(
        SessionIdentity identity,
        Instant createdAt,
        Instant updatedAt,
        long messageCount,
        Optional<String> archiveId,
        SessionUse use) {

    /** One whose transcript is in use, and which has used nothing. */
    public StoredSession(SessionIdentity identity, Instant createdAt, Instant updatedAt, long messageCount) {
        this(identity, createdAt, updatedAt, messageCount, Optional.empty(), SessionUse.NONE);
    }
}
