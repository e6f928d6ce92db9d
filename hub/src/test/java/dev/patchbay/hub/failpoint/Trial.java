package dev.patchbay.hub.failpoint;

import dev.patchbay.hub.store.TaskRetention;
import java.time.Duration;
import java.util.List;

/** Who takes part in a trial, and what may happen to them. */
final class Trial {
    /** Nobody can tell what became of a message to her: it is sent again, and marked. */
    static final String ANNA = "anna";

    /** His platform can be asked: nothing is ever sent to him twice. */
    static final String BO = "bo";

    /** Gets messages of nobody's turn. */
    static final String CARL = "carl";

    /** Refuses every message at first, and takes it when it is tried again. */
    static final String DORA = "dora";

    /** Refuses everything. */
    static final String EMIL = "emil";

    /** Waits for her answers where she asks, as a webhook does. */
    static final String FAY = "fay";

    /** Sees drafts. */
    static final String GINA = "gina";

    /** A program that calls. */
    static final String HANA = "hana";

    /** Is written to by the hub itself, in turns of its own. */
    static final String IVAN = "ivan";

    /** Gets what comes of tasks. */
    static final String JANA = "jana";

    /** What is kept of tasks that have ended. */
    static final TaskRetention TASKS_KEPT = new TaskRetention(Duration.ofDays(1), 100, 1_000_000);

    /** Those who are to be given an answer to everything that was taken from them. */
    static final List<String> ANSWERED = List.of(ANNA, BO, CARL, DORA, FAY, GINA, HANA, IVAN, JANA);

    /**
     * What a peer can expect.
     *
     * @param isOrdered in order, and repeats only with a mark
     * @param isRepeatable nobody can tell whether a message arrived
     */
    record Manners(boolean isOrdered, boolean isRepeatable, boolean isTaken, boolean isTakenLate) {}

    private Trial() {}

    static Manners manners(String peer) {
        return switch (peer) {
            case BO -> new Manners(true, false, true, false);
            case DORA -> new Manners(false, true, true, true);
            case EMIL -> new Manners(false, true, false, false);
            case FAY, HANA -> new Manners(false, true, true, false);
            default -> new Manners(true, true, true, false);
        };
    }

    static String text(String peer, int number) {
        return peer + " says " + number;
    }

    /** What the peer is to read. */
    static String answer(String peer, int number) {
        return peer.equals(CARL) || peer.equals(DORA) || peer.equals(EMIL)
                ? text(peer, number)
                : "re: " + text(peer, number) + (hasFile(peer, number) ? " with " + number : "");
    }

    /** Whether a message brings a file. */
    static boolean hasFile(String peer, int number) {
        return number % 2 == 0 && !peer.equals(HANA) && !peer.equals(IVAN) && !peer.equals(JANA);
    }

    static int number(String text) {
        return Integer.parseInt(text.replaceFirst("^.* says (\\d+).*$", "$1"));
    }
}
