package dev.patchbay.hub.store;

/**
 * Answer to {@link Store#accept}.
 *
 * @param messageId the stored message's id
 * @param duplicate true if the dedup key was known
 * @param sameContent false if the key was known with another fingerprint
 */
public record Accepted(String messageId, boolean duplicate, boolean sameContent) {}
