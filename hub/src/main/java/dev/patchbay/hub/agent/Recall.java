package dev.patchbay.hub.agent;

import dev.patchbay.api.Recollection;
import dev.patchbay.api.Turn;
import java.util.List;

/** Finds what was said before, for agents. Safe for many threads. */
@FunctionalInterface
public interface Recall {

    /** Nothing was ever said. */
    Recall NOTHING = (turn, query, limit) -> List.of();

    /**
     * The best first; only what the turn's session may know of.
     *
     * @param limit from 1 to 100
     */
    List<Recollection> recall(Turn turn, String query, int limit) throws InterruptedException;
}
