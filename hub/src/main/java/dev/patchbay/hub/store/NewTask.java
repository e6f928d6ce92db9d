package dev.patchbay.hub.store;

import java.time.Instant;

/**
 * A task to keep.
 *
 * @param taskId made by the caller, unique
 * @param sessionKey the session it runs in
 * @param body what is to be done, opaque to the store
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record NewTask(
        String taskId, String agentId, String sessionKey, byte[] body, Instant createdAt, Instant expiresAt) {}
