package dev.patchbay.hub.store;

import java.util.Optional;
import java.util.Set;

/**
 * Which deliveries; what is empty matches all.
 *
 * @param states empty: all
 * @param toKind the peer's kind by its word
 * @param to the peer's id
 */
public record DeliveryFilter(
        Set<DeliveryState> states,
        Optional<String> channel,
        Optional<String> accountId,
        Optional<String> toKind,
        Optional<String> to,
        Optional<String> deliveryId) {

    public static final DeliveryFilter ALL = new DeliveryFilter(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
