package dev.patchbay.hub.store;

import java.io.IOException;

/** Follows a copying; asked before its first byte and then every few megabytes. */
@FunctionalInterface
public interface CopyWatch {
    /** Looks away. */
    CopyWatch NONE = bytes -> {};

    /**
     * So much has been written.
     *
     * @throws IOException to end the copying
     */
    void written(long bytes) throws IOException;
}
