package dev.patchbay.api;

/** Takes an answer piece by piece while it is being made. For the thread that runs the turn. */
@FunctionalInterface
public interface ReplySink {

    /** Shows the next piece of text. Does not block; an empty piece is ignored. */
    void delta(String text);
}
