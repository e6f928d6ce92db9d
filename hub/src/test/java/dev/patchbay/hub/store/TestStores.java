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

    /** The same as what it is, for tests of copies. */
    public static H2Store h2(Path folder) {
        return H2Store.open(options(folder), Clock.systemUTC(), Meters.NONE);
    }

    /** The files of it, while it is closed. */
    public static StoreFolder files(Path folder) {
        return new StoreFolder(folder, options(folder).url(), Clock.systemUTC());
    }

    /** Something stored that is easy to find again. */
    public static void storeMessage(Store store, String id, String body) throws InterruptedException {
        store.accept(new NewInbound(
                id,
                Samples.session("anna"),
                "main",
                "webhook",
                java.util.Optional.empty(),
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                Samples.NOON));
    }

    /** Changes a stored body behind the store's back. */
    public static void damage(Path folder, String messageId) throws java.sql.SQLException {
        // Without moving chunks about at the end, as the hub itself.
        try (var connection =
                        java.sql.DriverManager.getConnection(options(folder).url() + ";MAX_COMPACT_TIME=0", "hub", "");
                var statement = connection.prepareStatement("UPDATE inbox SET body = X'00' WHERE message_id = ?")) {
            statement.setString(1, messageId);
            statement.executeUpdate();
        }
    }

    static StoreOptions options(Path folder) {
        return StoreOptions.of("jdbc:h2:file:" + folder.toAbsolutePath().resolve("hub"), folder, 0);
    }
}
