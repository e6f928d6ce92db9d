package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.metrics.Meters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an older hub has made. */
@Timeout(60)
class MigrationTest {
    @TempDir
    Path folder;

    private final List<String> kept = new ArrayList<>();

    @BeforeEach
    void makeAnOlderStore() throws Exception {
        Flyway.configure()
                .dataSource(url(), "hub", "")
                .locations("classpath:db/h2")
                .target("2")
                .load()
                .migrate();
        sql("INSERT INTO sessions VALUES (1, 'agent:main:main', 'main', 'cli', 'default', NULL, NULL, 0, 0, 0, 1)");
    }

    @Test
    void anOlderStoreIsKeptBeforeItsTablesAreChanged() throws Exception {
        // When
        try (Store store = open((database, schema) -> {
            StoreReport report = StoreFile.check(database, BodyVisitor.NONE);
            kept.add(schema + " " + report.rows().get("sessions") + " " + report.isGood());
        })) {
            // Then
            assertThat(kept).containsExactly("2 1 true");
            assertThat(store.session("agent:main:main")).isPresent();
        }
        try (Store again = open((database, schema) -> kept.add("again"))) {
            assertThat(again.session("agent:main:main")).isPresent();
        }
        assertThat(kept).hasSize(1);
    }

    @Test
    void whatCannotBeKeptIsNotChanged() throws Exception {
        // Given
        byte[] before = Files.readAllBytes(folder.resolve("hub.mv.db"));

        // Then
        assertThatThrownBy(() -> open((database, schema) -> {
                    throw new IOException("no room");
                }))
                .hasMessageContaining("no room");
        assertThat(version()).isEqualTo(2);
        assertThat(before).isNotEmpty();
    }

    @Test
    void aMigrationThatFailsLeavesTheStoreAsItWas() throws Exception {
        // Given
        sql("ALTER TABLE sessions ADD COLUMN archive BIGINT DEFAULT 7 NOT NULL");

        // Then
        assertThatThrownBy(() -> open(BeforeMigration.NONE)).hasMessageContaining("from version 2 to 5");
        assertThat(version()).isEqualTo(2);
        assertThat(folder.resolve("hub.mv.db.schema-2")).doesNotExist();
        sql("ALTER TABLE sessions DROP COLUMN archive");
        try (Store store = open(BeforeMigration.NONE)) {
            assertThat(store.session("agent:main:main")).isPresent();
        }
    }

    private H2Store open(BeforeMigration keeping) {
        return H2Store.open(TestStores.options(folder).with(keeping), Clock.systemUTC(), Meters.NONE);
    }

    private int version() throws Exception {
        try (var connection = DriverManager.getConnection(url(), "hub", "")) {
            return Schema.version(new Sql(connection));
        }
    }

    private void sql(String statement) throws Exception {
        try (var connection = DriverManager.getConnection(url(), "hub", "");
                var open = connection.createStatement()) {
            open.execute(statement);
        }
    }

    private String url() {
        return TestStores.options(folder).url() + ";MAX_COMPACT_TIME=0";
    }
}
