package dev.patchbay.hub.agent.process;

import java.util.Locale;

/** What a worker was lost by. */
enum Loss {
    /** It ended by itself, or could not be started. */
    CRASH,
    /** It took more memory than it may. */
    MEMORY,
    /** It gave no sign of life. */
    SILENCE,
    /** It broke the protocol. */
    PROTOCOL,
    /** Its turn was too late or stopped, although it gave signs of life: a slow worker, not a broken one. */
    GIVEN_UP;

    /** In metrics. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether its restart is one of those that an hour allows. */
    boolean counts() {
        return this != GIVEN_UP;
    }
}
