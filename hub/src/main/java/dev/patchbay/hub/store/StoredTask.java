package dev.patchbay.hub.store;

import java.time.Instant;

/**
 * A task as it is kept.
 *
 * @param seq its place in the order of creation
 * @param body as it was given last
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredTask(
        long seq,
        String taskId,
        String agentId,
        String sessionKey,
        byte[] body,
        Instant createdAt,
        Instant expiresAt,
        TaskStanding standing) {}
