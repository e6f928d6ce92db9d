package dev.patchbay.hub.ops;

import java.time.Instant;
import java.util.Map;

/**
 * How the hub is doing: as its worst part.
 *
 * @param parts by name
 */
public record HealthReport(HealthStatus status, Instant at, Map<String, HealthPart> parts) {}
