package dev.patchbay.hub.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Somebody whom an operator let in by a code. */
public record PairedPeer(
        String channel,
        String accountId,
        String peerId,
        @Nullable String senderName,
        Instant approvedAt) {}
