package dev.patchbay.hub.store;

import java.time.Duration;

/**
 * How much of the past is kept: the oldest ended tasks go while any of these is exceeded.
 *
 * @param bytes of all their bodies together
 */
public record TaskRetention(Duration age, int count, long bytes) {}
