package dev.patchbay.hub.store;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many more names a scope of notes may hold before it has to be counted again: counting each time would make the n-th note cost
 * n. A hint on the safe side: roll-backs and forgotten notes only lead to an earlier count. Only for the writer's thread.
 */
final class NoteRoom {
    private static final int SCOPES_MAX = 10_000;

    private final Map<String, Long> left = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > SCOPES_MAX;
        }
    };

    /**
     * Takes a place in a scope.
     *
     * @throws StoreException of kind CONFLICT if there is none
     */
    void take(Sql sql, String scope, int namesMax) throws SQLException {
        long room = left.getOrDefault(scope, 0L);
        if (room <= 0) {
            Long count = sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM notes WHERE scope = ?", scope);
            room = namesMax - (count == null ? 0 : count);
        }
        if (room <= 0) {
            throw new StoreException(
                    StoreException.Kind.CONFLICT, scope + " already remembers " + namesMax + " things");
        }
        left.put(scope, room - 1);
    }
}
