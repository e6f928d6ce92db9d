package dev.patchbay.hub.store;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What was said in all sessions, archives included, for somebody who keeps an index of it. All of it reads only; what is returned is on
 * disk. Safe for many threads.
 */
public interface Transcripts {

    /** Which store this is, and how far it has come: as long as it stays the same, so does all else here. Takes no time. */
    StoreIdentity identity();

    /**
     * Lines after a place in the sequence, in order.
     *
     * @param limit from 1 to 1,000; fewer come if they are long
     */
    Piece after(long seq, int limit) throws InterruptedException;

    /** One line; empty if it is cleared, deleted or damaged. */
    Optional<TranscriptLine> at(long seq) throws InterruptedException;

    /** Which of these transcripts still are; at most 500 may be asked for. */
    Set<Long> existing(List<Long> transcripts) throws InterruptedException;

    /** Some transcripts that were cleared or deleted not long ago, at most 1,000, the earliest first. */
    List<Long> forgotten() throws InterruptedException;

    /**
     * Lines in order.
     *
     * @param to everything up to this place has been read
     * @param isLast nothing was there after it
     */
    record Piece(List<TranscriptLine> lines, long to, boolean isLast) {
        public Piece {
            lines = List.copyOf(lines);
        }
    }
}
