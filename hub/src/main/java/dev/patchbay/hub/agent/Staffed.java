package dev.patchbay.hub.agent;

import dev.patchbay.api.Agent;

/** An agent that lets workers of its own do the work. */
public interface Staffed extends Agent {

    /** How they are. Never blocks for long. */
    Staff staff();
}
