package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delivery with all that is known about it. */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record StoredDelivery(
        DeliveryRef ref,
        @Nullable String messageId,
        @Nullable String sessionKey,
        byte[] body,
        @Nullable String lastError,
        @Nullable Instant attemptStartedAt,
        @Nullable Instant deliveredAt,
        List<String> remoteIds) {}
