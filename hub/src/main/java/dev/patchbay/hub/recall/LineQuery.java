package dev.patchbay.hub.recall;

import java.util.Optional;
import java.util.Set;

/**
 * What is looked for.
 *
 * @param words all of them must occur; what is beyond the first 1,000 characters or 50 words is not looked at
 * @param sessionKey only there, archives included
 * @param agents only what was said with one of these; empty: with any
 * @param limit from 1 to {@value #LIMIT_MAX}
 */
public record LineQuery(String words, Optional<String> sessionKey, Optional<Set<String>> agents, int limit) {
    public static final int LIMIT_MAX = 100;

    public LineQuery {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit " + limit + " is not between 1 and " + LIMIT_MAX);
        }
        agents = agents.map(Set::copyOf);
    }
}
