package dev.patchbay.hub.ops;

/** One part of the hub that can be asked how it is doing. */
public interface HealthSource {

    /** A word for the part: store, channels, queue. */
    String name();

    /**
     * Asks. May block and throw; after a second it counts as down, and it is not asked again before it has returned.
     */
    HealthPart check() throws Exception;
}
