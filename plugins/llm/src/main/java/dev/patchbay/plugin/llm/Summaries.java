package dev.patchbay.plugin.llm;

import dev.patchbay.api.Turn.Line;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the older parts of conversations come down to, so that it is not asked for again in every turn. In memory only, the sessions
 * used last. Safe for many threads.
 */
final class Summaries {
    private static final int SESSIONS_MAX = 1_000;

    private final Map<String, Summary> bySession = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Summary> eldest) {
            return size() > SESSIONS_MAX;
        }
    };

    /**
     * A summary.
     *
     * @param until the last line that is in it
     */
    record Summary(Mark until, String text) {}

    /** Recognises a line: they have no ids. */
    record Mark(Instant timestamp, String role, int hash) {
        static Mark of(Line line) {
            return new Mark(line.timestamp(), line.role(), line.content().hashCode());
        }

        /** Where the first line after it is; empty if it is not among them. */
        Optional<Integer> after(List<Line> lines) {
            for (int i = lines.size(); i > 0; i--) {
                if (of(lines.get(i - 1)).equals(this)) {
                    return Optional.of(i);
                }
            }
            return Optional.empty();
        }
    }

    synchronized Optional<Summary> of(String session) {
        return Optional.ofNullable(bySession.get(session));
    }

    synchronized void keep(String session, Summary summary) {
        bySession.put(session, summary);
    }

    synchronized void forget(String session) {
        bySession.remove(session);
    }
}
