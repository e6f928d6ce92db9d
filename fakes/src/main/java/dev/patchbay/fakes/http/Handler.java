package dev.patchbay.fakes.http;

/** What a fake service does with its requests. Called by many threads at once, one per connection. */
public interface Handler {
    /** Tells of every request as soon as it is whole, also of those that a fault keeps from {@link #handle}. */
    default void arrived(Request request) {}

    /**
     * Answers one request; may block. It is interrupted when the server closes. An unchecked exception becomes a 500 that
     * carries its text.
     */
    Response handle(Request request) throws InterruptedException;
}
