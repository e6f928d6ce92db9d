package dev.patchbay.hub.store;

import java.time.Instant;

/**
 * A delivery without its body: what a lane has to know.
 *
 * @param seq its place in the order of queueing
 * @param attempts how many were started and count
 * @param nextAttemptAt not before this moment
 * @param possiblyRepeated an earlier attempt may have reached the peer
 * @param isReply a message's turn made it, so somebody waits for it
 * @param bodyBytes length of its body
 */
public record DeliveryRef(
        long seq,
        String deliveryId,
        LaneKey lane,
        DeliveryState state,
        int attempts,
        int parts,
        int partsDone,
        Instant nextAttemptAt,
        Instant createdAt,
        Instant expiresAt,
        boolean possiblyRepeated,
        boolean isReply,
        int bodyBytes) {}
