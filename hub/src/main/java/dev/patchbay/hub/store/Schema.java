package dev.patchbay.hub.store;

import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the tables that this hub knows. */
final class Schema {

    /** The newest file in db/h2; a test compares. */
    static final int VERSION = 5;

    private Schema() {}

    /**
     * Whether the tables are those of an earlier hub.
     *
     * @throws StoreException of kind REFUSED if a newer hub has made them
     */
    static boolean isBehind(Sql sql) throws SQLException {
        int found = version(sql);
        if (found > VERSION) {
            throw StoreException.refused(
                    "the store was made by a newer hub (schema " + found + ", this one knows " + VERSION + ")",
                    "start the newer hub, or restore a backup from before the upgrade",
                    null);
        }
        return found < VERSION;
    }

    /**
     * Brings them up to date; Flyway takes a third of a second even to find out that they are, which is most of a start.
     *
     * @throws StoreException of kind REFUSED if that is not possible
     */
    static void migrate(Sql sql, String url) throws SQLException {
        int found = version(sql);
        try {
            Flyway.configure()
                    .dataSource(url, H2Url.USER, H2Url.PASSWORD)
                    .locations("classpath:db/h2")
                    .load()
                    .migrate();
        } catch (FlywayException cannot) {
            throw StoreException.refused(
                    "the store's schema cannot be brought from version " + found + " to " + VERSION,
                    "restore a backup, or start with another store.url",
                    cannot);
        }
    }

    /** The version of the tables that are there; 0 if there are none. */
    static int version(Sql sql) throws SQLException {
        Long tables = sql.first(
                row -> row.getLong(1),
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'flyway_schema_history'");
        if (tables == null || tables == 0) {
            return 0;
        }
        Integer version = sql.first(
                row -> row.getInt(1),
                "SELECT COALESCE(MAX(CAST(\"version\" AS INTEGER)), 0) FROM \"flyway_schema_history\" WHERE"
                        + " \"success\"");
        return version == null ? 0 : version;
    }
}
