package dev.patchbay.hub.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the row of sessions that were used lately. A hint: whoever uses an id checks the key in the row, so that a roll-back or a
 * removed session does no harm. Only for the writer's thread.
 */
final class SessionIds {
    private static final int SIZE_MAX = 10_000;

    private final Map<String, Long> ids = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > SIZE_MAX;
        }
    };

    @Nullable
    Long get(String sessionKey) {
        return ids.get(sessionKey);
    }

    void put(String sessionKey, long id) {
        ids.put(sessionKey, id);
    }
}
