package dev.patchbay.hub.store;

import org.jspecify.annotations.Nullable;

/**
 * Who talks with whom in a session; written when the session's first turn ends.
 *
 * @param channel of the latest message
 * @param peerKind direct, group or channel; null if the session has no peer
 */
public record SessionIdentity(
        String sessionKey,
        String agentId,
        String channel,
        String accountId,
        @Nullable String peerKind,
        @Nullable String peerId) {}
