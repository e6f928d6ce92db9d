package dev.patchbay.hub.store;

import dev.patchbay.hub.tenant.Tenants;
import java.util.Optional;
import java.util.Set;

/**
 * Which deliveries; what is empty matches all.
 *
 * @param states empty: all
 * @param toKind the peer's kind by its word
 * @param to the peer's id
 * @param accounts only those of one of these
 */
public record DeliveryFilter(
        Set<DeliveryState> states,
        Optional<String> channel,
        Optional<String> accountId,
        Optional<String> toKind,
        Optional<String> to,
        Optional<String> deliveryId,
        Optional<Set<Tenants.Account>> accounts) {

    public static final DeliveryFilter ALL = new DeliveryFilter(
            Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public DeliveryFilter {
        accounts = accounts.map(Set::copyOf);
    }

    /** Of any account. */
    public DeliveryFilter(
            Set<DeliveryState> states,
            Optional<String> channel,
            Optional<String> accountId,
            Optional<String> toKind,
            Optional<String> to,
            Optional<String> deliveryId) {
        this(states, channel, accountId, toKind, to, deliveryId, Optional.empty());
    }

    /** Whether it leaves nothing out but what nobody may see who asks. */
    public boolean isEverything() {
        return ALL.equals(new DeliveryFilter(states, channel, accountId, toKind, to, deliveryId));
    }
}
