package dev.patchbay.hub.delivery;

import java.time.Instant;
import java.util.Optional;

/**
 * How much waits in an account.
 *
 * @param oldest when the oldest open delivery was queued; empty if none is open
 */
public record QueueDepth(int open, Optional<Instant> oldest) {}
