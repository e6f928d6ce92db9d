package dev.patchbay.api;

import java.nio.charset.StandardCharsets;

/**
 * Something to press under a message. Pressing it says {@code data} to the agent, as if the peer had written it.
 *
 * @param text what stands on it, 1 to 80 characters
 * @param data what it says, 1 to 64 bytes of UTF-8: the smallest limit among the platforms
 */
public record Button(String text, String data) {
    /** Most buttons under one message. */
    public static final int MAX = 25;

    public Button {
        if (text.isBlank() || text.length() > 80) {
            throw new IllegalArgumentException("a button's text has 1 to 80 characters");
        }
        int bytes = data.getBytes(StandardCharsets.UTF_8).length;
        if (data.isBlank() || bytes > 64) {
            throw new IllegalArgumentException("a button's data has 1 to 64 bytes");
        }
    }
}
