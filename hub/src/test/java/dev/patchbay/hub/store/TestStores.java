package dev.patchbay.hub.store;

import dev.patchbay.hub.metrics.Meters;
import java.nio.file.Path;
import java.time.Clock;

/** Real stores in temporary folders, for tests of what stands above them. */
public final class TestStores {
    private TestStores() {}

    /** Opens the store in a folder, makes it if there is none; the caller closes it. */
    public static Store temporary(Path folder) {
        return temporary(folder, Clock.systemUTC());
    }

    /** The same with a clock of the test's own. */
    public static Store temporary(Path folder, Clock clock) {
        return H2Store.open(options(folder), clock, Meters.NONE);
    }

    static StoreOptions options(Path folder) {
        return StoreOptions.of("jdbc:h2:file:" + folder.toAbsolutePath().resolve("hub"), folder, 0);
    }
}
