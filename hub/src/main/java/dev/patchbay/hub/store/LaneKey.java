package dev.patchbay.hub.store;

import org.jspecify.annotations.Nullable;

/**
 * The outbound lane: what has the same key is sent one after the other.
 *
 * @param peerKind direct, group or channel
 */
public record LaneKey(
        String channel,
        String accountId,
        String peerKind,
        String peerId,
        @Nullable String threadId) {}
