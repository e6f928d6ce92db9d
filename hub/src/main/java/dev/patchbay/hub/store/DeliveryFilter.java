package dev.patchbay.hub.store;

import java.util.Optional;
import java.util.Set;

/**
 * Which deliveries; what is empty matches all.
 *
 * @param states empty: all
 * @param to peer id
 */
public record DeliveryFilter(
        Set<DeliveryState> states,
        Optional<String> channel,
        Optional<String> accountId,
        Optional<String> to,
        Optional<String> deliveryId) {

    public static final DeliveryFilter ALL =
            new DeliveryFilter(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
