package dev.patchbay.hub.recall;

import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.StoreIdentity;
import dev.patchbay.hub.store.TranscriptLine;
import dev.patchbay.hub.store.Transcripts;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the index behind the store up to date, a little with each step. It only reads the store, and reads it only when something
 * was committed. For one thread.
 */
final class Follower {
    static final int LINES_AT_ONCE = 200;
    private static final int TRANSCRIPTS_AT_ONCE = 500;

    private static final long COMMIT_EVERY = Duration.ofSeconds(30).toNanos();
    private static final long SHOW_EVERY = Duration.ofSeconds(1).toNanos();

    /** The disk is the store's first: the index stops this much earlier. */
    private static final long ROOM_LEFT = 16L << 20;

    private final Transcripts store;
    private final Index index;
    private final LongSupplier room;
    private final Stopwatch time;
    private final Queue<Long> gone;
    private final Set<Long> forgotten = new HashSet<>();
    private @Nullable StoreIdentity seen;
    private long committedAt;
    private long shownAt;
    private boolean isShown = true;

    /** The disk is nearly full. */
    static final class NoRoom extends Exception {
        private static final long serialVersionUID = 1L;

        NoRoom(long bytes) {
            super("only " + (bytes >> 20) + " MB are left on the disk; the store needs them");
        }
    }

    /**
     * Makes one that has done nothing yet.
     *
     * @param room what may still be written besides what the store needs, in bytes
     * @param gone lines that a search found and the store no longer has
     */
    Follower(Transcripts store, Index index, LongSupplier room, Stopwatch time, Queue<Long> gone) {
        this.store = store;
        this.index = index;
        this.room = room;
        this.time = time;
        this.gone = gone;
        this.committedAt = time.nanos();
        this.shownAt = time.nanos();
    }

    /** Takes out what was forgotten while nobody looked; done once, after the index was opened. */
    void compare() throws IOException, InterruptedException {
        long after = -1;
        List<Long> known = index.transcripts(after, TRANSCRIPTS_AT_ONCE);
        while (!known.isEmpty()) {
            Set<Long> existing = store.existing(known);
            for (long each : known) {
                if (!existing.contains(each)) {
                    index.forgetTranscript(each);
                    isShown = false;
                }
            }
            after = known.getLast();
            known = index.transcripts(after, TRANSCRIPTS_AT_ONCE);
        }
        show();
    }

    /** Does a little of what there is to do; true if the index then is as the store was when it began. */
    boolean step() throws IOException, NoRoom, InterruptedException {
        StoreIdentity now = store.identity();
        forgetLines();
        boolean isLevel = now.equals(seen);
        if (!isLevel) {
            // In this order: a line of a transcript that is forgotten in between is taken out in the next step.
            forgetTranscripts();
            isLevel = follow();
            seen = isLevel ? now : null;
        }
        if (!isShown && (isLevel || time.nanos() - shownAt >= SHOW_EVERY)) {
            show();
        }
        if (index.isChanged() && time.nanos() - committedAt >= COMMIT_EVERY) {
            commit();
        }
        return isLevel;
    }

    /** Writes down how far it has come. */
    void commit() throws IOException {
        index.commit(store.identity());
        committedAt = time.nanos();
    }

    private boolean follow() throws IOException, NoRoom, InterruptedException {
        Transcripts.Piece piece = store.after(index.position(), LINES_AT_ONCE);
        List<TranscriptLine> lines = piece.lines();
        if (!lines.isEmpty()) {
            long left = room.getAsLong();
            if (left < ROOM_LEFT) {
                throw new NoRoom(left);
            }
            isShown = false;
        }
        index.add(lines, piece.to());
        return piece.isLast();
    }

    private void forgetTranscripts() throws IOException, InterruptedException {
        List<Long> latest = store.forgotten();
        for (long each : latest) {
            if (!forgotten.contains(each)) {
                index.forgetTranscript(each);
                isShown = false;
            }
        }
        forgotten.clear();
        forgotten.addAll(latest);
    }

    private void forgetLines() throws IOException {
        for (Long line = gone.poll(); line != null; line = gone.poll()) {
            index.forgetLine(line);
            isShown = false;
        }
    }

    private void show() throws IOException {
        if (!isShown) {
            index.show();
            isShown = true;
        }
        shownAt = time.nanos();
    }
}
