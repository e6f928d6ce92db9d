package dev.patchbay.api;

import org.jspecify.annotations.Nullable;

/**
 * The person who wrote an inbound message; in a direct chat the same id as the peer's.
 *
 * @param id the platform's id of the person
 * @param name how the platform shows the person, or null
 */
public record Sender(String id, @Nullable String name) {}
