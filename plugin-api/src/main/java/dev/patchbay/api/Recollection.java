package dev.patchbay.api;

import java.time.Instant;
import java.util.Objects;

/**
 * One line of a conversation that was found again.
 *
 * @param role {@code user} or {@code assistant}
 * @param snippet the part around the hits, which stand between {@code **}
 * @param score how well it fits; larger is better, comparable within one answer only
 */
public record Recollection(
        String sessionKey, String messageId, String role, String snippet, Instant timestamp, double score) {
    public Recollection {
        Objects.requireNonNull(sessionKey, "sessionKey");
        Objects.requireNonNull(messageId, "messageId");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(snippet, "snippet");
        Objects.requireNonNull(timestamp, "timestamp");
    }
}
