package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;

/** An agent that lets workers of its own do the work. */
public interface Staffed extends Agent {

    /** How they are. Never blocks for long. */
    Staff staff();

    /**
     * Told just before a turn is interrupted because nobody wants its answer any more, not because it is late: whoever works at it
     * has done nothing wrong. Never blocks for long.
     */
    default void stopped(String messageId) {}
}
