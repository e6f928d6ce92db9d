package dev.patchbay.hub.store;

import java.io.IOException;
import java.nio.file.Path;

/** Keeps what an older hub has made before its tables are changed for good. */
@FunctionalInterface
public interface BeforeMigration {
    /** Keeps nothing. */
    BeforeMigration NONE = (database, schema) -> {};

    /**
     * Called while the database is closed.
     *
     * @param database its file
     * @param schema the version of its tables
     * @throws IOException if it cannot be kept; the migration then does not happen
     */
    void keep(Path database, int schema) throws IOException;
}
