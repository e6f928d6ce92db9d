package dev.patchbay.hub.store;

import java.time.Instant;
import java.util.Map;

/** A line of a transcript with its place in the sequence. */
public record StoredLine(
        long seq,
        String lineId,
        String sessionKey,
        String role,
        String content,
        Instant at,
        Map<String, String> metadata) {}
