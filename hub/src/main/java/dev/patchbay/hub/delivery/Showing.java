package dev.patchbay.hub.delivery;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a peer sees of a turn while it runs: that somebody is writing, and the answer as it grows. A courtesy: it never fails and
 * never holds up the turn, except for the short wait in {@link #end}.
 */
public interface Showing {
    /** The scope of the store's notes about drafts, by message id. */
    String NOTES = "drafts";

    /** For turns whose answer no peer waits for, and platforms that cannot show it. */
    Showing NOTHING = new Showing() {
        @Override
        public void delta(String piece) {}

        @Override
        public End end() {
            return End.OF_NOTHING;
        }

        @Override
        public void retract() {}
    };

    /** The answer goes on. Never blocks. */
    void delta(String piece);

    /** Nothing more is shown after this returns; waits, some seconds at most, for a draft that is on its way. */
    End end() throws InterruptedException;

    /** Takes the draft away, because no answer will take its place. Blocks for seconds at most. */
    void retract() throws InterruptedException;

    /**
     * What remains.
     *
     * @param draftId the platform's id of the draft whose place the answer takes, if there is one
     * @param isUncertain true if a draft may stand there that nobody knows the id of
     * @param isNoted true if the store has a note about it, to be forgotten in the commit of the turn
     * @param restsUntil when the answer may take the draft's place: platforms do not like changes that follow each other closely
     */
    record End(@Nullable String draftId, boolean isUncertain, boolean isNoted, Instant restsUntil) {
        /** Nobody has seen anything. */
        public static final End OF_NOTHING = new End(null, false, false, Instant.EPOCH);
    }

    /**
     * What a message's earlier turn, cut off by a crash, has left.
     *
     * @param note the note's value; empty if it left nothing
     */
    record Left(Optional<String> note) {}
}
