package dev.patchbay.api;

import java.time.Duration;
import java.util.List;

/** What the hub offers an agent. Safe for use by many threads, of any kind. */
public interface AgentHost {

    /**
     * Looks for what was said before, in this session and in others that the agent may know of. Words are plain: all of them must
     * occur.
     *
     * @param turn on whose behalf; what its session must not see is not found
     * @param query blank finds nothing
     * @param limit from 1 to 100
     * @return the best first; empty if there is nothing, or nothing to look in
     */
    List<Recollection> recall(Turn turn, String query, int limit) throws InterruptedException;

    /** The files that come with turns, and those that go out with replies. */
    Attachments attachments();

    /** How long a turn may take, as configured; the hub interrupts the agent then. */
    Duration timeout();
}
