package dev.patchbay.hub.store;

import java.time.Instant;

/** A pending message with its body as given to {@link Store#accept}. */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record StoredInbound(
        long seq,
        String messageId,
        String sessionKey,
        String agentId,
        String channel,
        byte[] body,
        Instant acceptedAt) {}
