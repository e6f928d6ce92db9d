package dev.patchbay.hub.store;

import java.time.Instant;

/**
 * A record that could not be used.
 *
 * @param kind a word for what it was: inbox, line, delivery, event, bindings, note
 * @param place where it lies among those set aside
 * @param id its name, as far as it can be read
 */
public record SetAside(String kind, long place, String id, String reason, Instant at, int bytes) {}
