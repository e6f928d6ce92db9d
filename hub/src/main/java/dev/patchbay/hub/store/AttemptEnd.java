package dev.patchbay.hub.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended and where that leaves the delivery.
 *
 * @param attempts how many attempts count now; one that the platform only asked to postpone does not
 * @param partsDone parts that have arrived
 * @param outcome delivered, retry_later, paced, refused, unknown, expired
 * @param reason why it did not arrive, without secrets; null if it did
 * @param remoteId the platform's name for the part that arrived, null if none
 * @param nextAttemptAt when it may be tried again; meaningless in an end state
 * @param possiblyRepeated the mark that the delivery carries from now on
 */
public record AttemptEnd(
        String deliveryId,
        DeliveryState state,
        int attempts,
        int partsDone,
        String outcome,
        @Nullable String reason,
        @Nullable String remoteId,
        Instant at,
        Instant nextAttemptAt,
        boolean possiblyRepeated) {}
