package dev.patchbay.hub.recall;

import java.time.Instant;

/**
 * A line that was looked for.
 *
 * @param snippet at most 200 characters of it, {@code **} around what was looked for
 * @param score larger is better; compares only with others of the same search
 */
public record FoundLine(
        String sessionKey, String messageId, String agentId, String role, String snippet, Instant at, float score) {}
