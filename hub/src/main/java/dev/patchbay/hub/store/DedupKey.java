package dev.patchbay.hub.store;

import java.time.Instant;

/**
 * Recognises a repeat.
 *
 * @param key at most 1,024 characters
 * @param fingerprint of what must be the same for a true repeat; empty if the key alone decides
 * @param keepUntil after this moment the key may be forgotten
 */
public record DedupKey(String key, String fingerprint, Instant keepUntil) {}
