package dev.patchbay.hub.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which peers were told that a budget is spent: each session once an hour, and once more when the next budget is spent; a peer that
 * floods a spent agent is not answered a thousand times. In memory only: a start may tell once more. Safe for many threads.
 */
public final class BudgetTalk {
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int SESSIONS_MAX = 10_000;

    private final Clock clock;
    private final Map<String, Told> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
            return size() > SESSIONS_MAX;
        }
    };

    private record Told(Instant at, Instant budgetResetsAt) {}

    public BudgetTalk(Clock clock) {
        this.clock = clock;
    }

    /** Whether the session's peer is to be told now; true counts as done. */
    public synchronized boolean isToBeTold(String sessionKey, Admission.Spent spent) {
        Instant now = clock.instant();
        Told before = told.get(sessionKey);
        if (before != null
                && before.budgetResetsAt().equals(spent.resetsAt())
                && now.isBefore(before.at().plus(PAUSE))) {
            return false;
        }
        // Taken out first, so that it becomes the youngest.
        told.remove(sessionKey);
        told.put(sessionKey, new Told(now, spent.resetsAt()));
        return true;
    }
}
