package dev.patchbay.api;

/** A {@link Channel} that takes in HTTP requests. */
public interface HttpReceiver {

    /**
     * Answers one request. Called by one virtual thread per request, many at once; may block. The body is complete and within
     * the hub's limit of 10 MB. A thrown exception becomes a 500 without details.
     */
    HttpAnswer receive(HttpCall call) throws InterruptedException;
}
