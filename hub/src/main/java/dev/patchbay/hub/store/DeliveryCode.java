package dev.patchbay.hub.store;

import java.util.List;

/** The states as numbers, which stand in databases: never renumber. */
final class DeliveryCode {
    private static final List<DeliveryState> STATES = List.of(
            DeliveryState.PENDING,
            DeliveryState.SENDING,
            DeliveryState.DELIVERED,
            DeliveryState.DEAD,
            DeliveryState.EXPIRED,
            DeliveryState.DISCARDED);

    /** The shelf of everything that is still to be sent. */
    static final int OPEN_SHELF = 0;

    private DeliveryCode() {}

    static int of(DeliveryState state) {
        return STATES.indexOf(state);
    }

    static DeliveryState state(int code) {
        return STATES.get(code);
    }

    static int shelf(DeliveryState state) {
        return state.isOpen() ? OPEN_SHELF : of(state);
    }
}
