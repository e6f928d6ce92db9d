package dev.patchbay.hub.store;

import java.time.Duration;

/**
 * How long ended things are kept.
 *
 * @param delivered delivered, expired and discarded deliveries
 * @param dead dead letters
 * @param events events that stem from no line
 */
public record Retention(Duration delivered, Duration dead, Duration events) {}
