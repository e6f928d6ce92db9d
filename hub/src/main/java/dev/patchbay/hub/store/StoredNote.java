package dev.patchbay.hub.store;

/**
 * Something small that is remembered under a name; see {@link Store#keep}.
 *
 * @param scope whose it is, for instance {@code channel/telegram/default}; at most 2,000 characters
 * @param name at most 400 characters
 * @param value at most 8,000 characters; empty forgets it
 */
public record StoredNote(String scope, String name, String value) {}
