package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A message to accept.
 *
 * @param messageId made by the caller, unique
 * @param sessionKey decides the lane
 * @param agentId the agent that the router chose
 * @param channel where it came from
 * @param body the message as JSON, opaque to the store
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record NewInbound(
        String messageId,
        String sessionKey,
        String agentId,
        String channel,
        Optional<DedupKey> dedup,
        byte[] body,
        Instant acceptedAt) {}
