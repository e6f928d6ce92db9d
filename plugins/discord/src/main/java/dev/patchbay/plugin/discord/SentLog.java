package dev.patchbay.plugin.discord;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bot's own messages as the gateway tells of them, by nonce: that settles whether a message arrived whose answer was lost.
 * Discord's history does not show nonces. Safe for many threads.
 */
final class SentLog {
    private static final int REMEMBERED_MAX = 5_000;

    private final Map<String, String> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    synchronized void add(String nonce, String messageId) {
        ids.put(nonce, messageId);
    }

    synchronized Optional<String> find(String nonce) {
        return Optional.ofNullable(ids.get(nonce));
    }
}
