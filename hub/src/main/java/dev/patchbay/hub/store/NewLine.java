package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Map;

/**
 * One line of a transcript to write.
 *
 * @param lineId unique; the user line's is the message's id
 * @param role {@code user} or {@code assistant}
 * @param metadata small facts: reply_to, error, channel
 */
public record NewLine(String lineId, String role, String content, Instant at, Map<String, String> metadata) {}
