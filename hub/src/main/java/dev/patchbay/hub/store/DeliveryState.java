package dev.patchbay.hub.store;

import java.util.Locale;

/** Where a delivery stands. */
public enum DeliveryState {
    PENDING,
    SENDING,
    DELIVERED,
    DEAD,
    EXPIRED,
    DISCARDED;

    /** The word on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Still to be sent. */
    public boolean isOpen() {
        return this == PENDING || this == SENDING;
    }
}
