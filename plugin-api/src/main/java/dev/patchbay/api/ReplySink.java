package dev.patchbay.api;

import org.jspecify.annotations.Nullable;

/** Takes an answer piece by piece while it is being made. For the thread that runs the turn. */
@FunctionalInterface
public interface ReplySink {

    /** Shows the next piece of text. Does not block; an empty piece is ignored. */
    void delta(String text);

    /**
     * Says how far the work has come. Nobody sees it but whoever watches a task. Does not block; may be called as often as one likes.
     *
     * @param percent from 0 to 100; what is outside of that counts as the nearer of the two
     * @param note what is being done, in a few words; more than 1,000 characters are cut
     */
    default void progress(int percent, @Nullable String note) {}
}
