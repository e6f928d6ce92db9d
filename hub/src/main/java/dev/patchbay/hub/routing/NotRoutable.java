package dev.patchbay.hub.routing;

/** A message that belongs to no session: its peer is missing or blank, or an id cannot stand in a session key. */
public final class NotRoutable extends IllegalArgumentException {
    NotRoutable(String message) {
        super(message);
    }
}
