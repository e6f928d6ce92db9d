package dev.patchbay.hub.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stranger who was given a code.
 *
 * @param peerId of the direct chat
 * @param senderName as the platform shows it; whatever the stranger chose
 * @param expiresAt from then on the code opens nothing
 */
public record PairingRequest(
        String channel,
        String accountId,
        String peerId,
        @Nullable String senderName,
        String code,
        Instant askedAt,
        Instant expiresAt) {}
