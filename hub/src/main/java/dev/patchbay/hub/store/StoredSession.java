package dev.patchbay.hub.store;

import java.time.Instant;

/** A session as listed. */
public record StoredSession(SessionIdentity identity, Instant createdAt, Instant updatedAt, long messageCount) {}
