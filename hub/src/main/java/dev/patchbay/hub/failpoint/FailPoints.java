package dev.patchbay.hub.failpoint;

/** What happens at the places where a hub can be made to fail. Called by every thread of the hub. */
@FunctionalInterface
public interface FailPoints {

    /** A hub in earnest: nothing happens anywhere. */
    FailPoints NONE = point -> {};

    /**
     * Called when a thread has come to a point. Returns, at once or late; or does not return, because it throws or the process has
     * ended. An interrupt is left as it is.
     */
    void reach(FailPoint point);
}
