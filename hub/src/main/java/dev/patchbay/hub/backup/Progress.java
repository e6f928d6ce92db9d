package dev.patchbay.hub.backup;

/** Follows long work. Called often, from the working thread; must be quick. */
@FunctionalInterface
public interface Progress {
    /** Looks away. */
    Progress NONE = (step, done, of) -> {};

    /**
     * So much of a step is done.
     *
     * @param step what is being done: copying, reading, writing, comparing, attachments, unpacking
     * @param of all there is; 0 if nobody knows
     */
    void at(String step, long done, long of);
}
