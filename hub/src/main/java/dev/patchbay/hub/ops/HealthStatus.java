package dev.patchbay.hub.ops;

import java.util.Locale;

/** How something is doing; later ones are worse. */
public enum HealthStatus {
    OK,
    /** Works in part: a message still gets through somewhere. */
    DEGRADED,
    /** No message gets through. */
    DOWN;

    /** The word on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
