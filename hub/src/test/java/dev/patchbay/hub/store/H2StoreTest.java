package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.StoreException.Kind;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to the H2 file: who may open it, what is found out about it, how it bears trouble. */
@Timeout(60)
class H2StoreTest {
    private final Path folder;

    H2StoreTest(@TempDir Path folder) {
        this.folder = folder;
    }

    // ---- who may open it

    @Test
    void aSecondHubOnTheSameDataIsRefusedAndTheFirstUndisturbed() throws Exception {
        try (Store first = TestStores.temporary(folder)) {
            // When
            var refused = catchThrowableOfType(StoreException.class, () -> TestStores.temporary(folder));

            // Then
            assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
            assertThat(refused)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("pid " + ProcessHandle.current().pid());
            first.accept(message("m1"));
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedByName() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("file"), "");

        // When
        var refused = catchThrowableOfType(StoreException.class, () -> TestStores.temporary(file.resolve("data")));

        // Then
        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused).hasMessageContaining(file.resolve("data").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:h2:mem:hub", "jdbc:h2:tcp://elsewhere/hub", "jdbc:mysql://x", "hub"})
    void whatIsNoFileOfH2IsRefused(String url) {
        assertThatThrownBy(() -> H2Store.open(StoreOptions.of(url, folder, 0), Clock.systemUTC(), Meters.NONE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("store.url");
    }

    @Test
    void aStoreOfANewerHubIsRefusedAndLeftAsItIs() throws Exception {
        // Given
        TestStores.temporary(folder).close();
        sql("INSERT INTO \"flyway_schema_history\" SELECT 99, '99', 'later', \"type\", 'V99__later.sql', 1, 'x',"
                + " NOW(), 1, TRUE FROM \"flyway_schema_history\" WHERE \"version\" = '1'");

        // When
        var refused = catchThrowableOfType(StoreException.class, () -> TestStores.temporary(folder));

        // Then
        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused).hasMessageContaining("newer hub");
    }

    @Test
    void theVersionInTheCodeIsThatOfTheNewestMigration() throws Exception {
        // Given
        Path migrations =
                Path.of(Objects.requireNonNull(getClass().getResource("/db/h2")).toURI());

        // When
        int newest;
        try (Stream<Path> files = Files.list(migrations)) {
            newest = files.mapToInt(file ->
                            Integer.parseInt(file.getFileName().toString().replaceFirst("^V(\\d+)__.*", "$1")))
                    .max()
                    .orElseThrow();
        }

        // Then
        assertThat(Schema.VERSION).isEqualTo(newest);
    }

    @Test
    void aStoreOfAnEarlierHubIsBroughtUpToDateAndKeepsWhatItHas() throws Exception {
        // Given
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m1"));
            store.completeTurn(turn("m1", "anna"));
        }
        sql("""
            UPDATE hub_state SET last_place = last_place;
            DROP TABLE tasks;
            DROP INDEX sessions_key;
            DROP INDEX sessions_used;
            ALTER TABLE sessions DROP COLUMN archive;
            ALTER TABLE sessions DROP COLUMN input_tokens;
            ALTER TABLE sessions DROP COLUMN output_tokens;
            ALTER TABLE sessions DROP COLUMN cost_nanos;
            ALTER TABLE sessions DROP COLUMN currency;
            CREATE UNIQUE INDEX sessions_key ON sessions (session_key);
            CREATE UNIQUE INDEX sessions_used ON sessions (used)\
            """);
        sql("DELETE FROM \"flyway_schema_history\" WHERE \"version\" IN ('3', '4', '5')");

        // When
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m2"));
            store.completeTurn(turn("m2", "anna"));

            // Then
            assertThat(store.history(session("anna"), 10, Optional.empty()).items())
                    .hasSize(4);
            assertThat(store.sessions(SessionFilter.ALL, 10, Optional.empty()).items())
                    .hasSize(1);
        }
    }

    // ---- the high-water mark

    @Test
    void aDatabaseThatWentBackInTimeIsRefusedWithTheNumberOfCommits() throws Exception {
        // Given
        Path database = folder.resolve("hub.mv.db");
        Path copy = folder.resolve("older");
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m1"));
        }
        Files.copy(database, copy);
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m2"));
            store.accept(message("m3"));
        }

        // When
        Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
        var refused = catchThrowableOfType(StoreException.class, () -> TestStores.temporary(folder));

        // Then
        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused).hasMessageContaining("by 2 commits").hasMessageContaining("hub.mark");
    }

    @Test
    void anotherDatabaseIsRefusedAndNoCopyOfItStaysToGoBackTo() throws Exception {
        // Given
        TestStores.temporary(folder).close();
        Path other = Files.createDirectories(folder.resolve("other"));
        TestStores.temporary(other).close();

        // When
        Files.move(other.resolve("hub.mv.db"), folder.resolve("hub.mv.db"), StandardCopyOption.REPLACE_EXISTING);

        // Then
        assertThatThrownBy(() -> TestStores.temporary(folder)).hasMessageContaining("not the one");
        assertThat(folder.resolve("hub.mv.db.unconfirmed")).doesNotExist();
    }

    @Test
    void aDatabaseThatIsGoneIsRefusedToo() throws Exception {
        // Given
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m1"));
        }
        Files.delete(folder.resolve("hub.mv.db"));

        // Then
        assertThatThrownBy(() -> TestStores.temporary(folder)).hasMessageContaining("is gone");
        assertThat(folder.resolve("hub.mv.db")).doesNotExist();
    }

    @Test
    void whoRemovesTheMarkMeansTheDatabaseAsItIs() throws Exception {
        // Given
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m1"));
        }
        Files.delete(folder.resolve("hub.mark"));

        // When
        try (Store store = TestStores.temporary(folder)) {
            // Then
            assertThat(store.inbound("m1")).isPresent();
        }
        assertThat(folder.resolve("hub.mark")).exists();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneTornSlotOfTheMarkDoesNoHarmAndCopiesNothing(int slot) throws Exception {
        // Given
        Path kept = folder.resolve("hub.mv.db.unconfirmed");
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m1"));
            store.accept(message("m2"));
        }
        tear(slot);
        // Whoever copies first goes back to what lies there.
        Files.writeString(kept, "not a database");

        // Then
        try (Store store = TestStores.temporary(folder)) {
            assertThat(store.inbound("m2")).isPresent();
            assertThat(kept).doesNotExist();
        }
    }

    @Test
    void aMarkWithBothSlotsTornIsRefused() throws Exception {
        // Given
        TestStores.temporary(folder).close();
        tear(0);
        tear(1);

        // Then
        assertThatThrownBy(() -> TestStores.temporary(folder)).hasMessageContaining("mark is damaged");
    }

    // ---- damage

    @Test
    void aFlippedBitInABodyIsSetAsideCountedAndHarmsNoNeighbour() throws Exception {
        // Given
        try (Store store = TestStores.temporary(folder)) {
            for (int i = 0; i < 3; i++) {
                store.accept(message("m" + i));
                store.enqueue(delivery("d" + i), Optional.empty());
                store.accept(message("t" + i));
                store.completeTurn(turn("t" + i, "anna"));
            }
        }
        sql("UPDATE inbox SET body = X'00' WHERE message_id = 'm1'");
        sql("UPDATE deliveries SET body = X'00' WHERE delivery_id = 'd1'");
        sql("UPDATE lines SET body = X'00000000' WHERE line_id = 't1'");

        try (Store store = TestStores.temporary(folder)) {
            // When
            List<InboundRef> pending = store.pendingInbound(0, 10);
            List<DeliveryRef> open = store.openDeliveries(0, 10);
            Page<StoredLine> history = store.history(session("anna"), 10, Optional.empty());
            store.probe();

            // Then
            assertThat(pending).extracting(InboundRef::messageId).containsExactly("m0", "m2");
            assertThat(open).extracting(DeliveryRef::deliveryId).containsExactly("d0", "d2");
            assertThat(history.items())
                    .extracting(StoredLine::lineId)
                    .containsExactly("t0", "t0-a", "t1-a", "t2", "t2-a");
            assertThat(store.status().damaged()).isEqualTo(3);
            assertThat(store.inbound("m1")).isEmpty();
            assertThat(store.delivery("d1")).isEmpty();
            assertThat(store.line("t1")).isEmpty();
            assertThat(store.deliveryCounts())
                    .containsExactly(new DeliveryCount("webhook", "default", DeliveryState.PENDING, 2));
        }
    }

    @Test
    void aDamagedRecordAskedForByNameIsToldSo() throws Exception {
        // Given
        try (Store store = TestStores.temporary(folder)) {
            store.accept(message("m1"));
            store.saveBindings(Optional.of("[]"), "ops", NOON);
        }
        sql("UPDATE inbox SET session_key = 'agent:main:webhook:direct:mallory'");
        sql("UPDATE binding_tables SET body = X'5B5B'");

        try (Store store = TestStores.temporary(folder)) {
            // Then
            assertThatThrownBy(() -> store.inbound("m1"))
                    .isInstanceOfSatisfying(StoreException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(Kind.DAMAGED));
            assertThatThrownBy(store::bindings)
                    .isInstanceOfSatisfying(StoreException.class, refused -> assertThat(refused.kind())
                            .isEqualTo(Kind.DAMAGED));
        }
    }

    // ---- trouble

    @Test
    void belowTheReserveNothingNewIsStoredButWorkMayEnd() throws Exception {
        // Given
        var free = new AtomicLong(1_000_000_000);
        var options = new StoreOptions(TestStores.options(folder).url(), folder, 100_000_000, 256, 2);
        try (Store store = H2Store.open(options, Clock.systemUTC(), Meters.NONE, new H2Database(options), free::get)) {
            store.accept(message("m1"));
            store.enqueue(delivery("d1"), Optional.empty());

            // When
            free.set(99_000_000);
            while (store.status().writable()) {
                Thread.onSpinWait();
            }

            // Then
            var refused = catchThrowableOfType(StoreException.class, () -> store.accept(message("m2")));
            assertThat(refused.kind()).isEqualTo(Kind.NO_ROOM);
            assertThat(refused).hasMessageContaining("store.min-free");
            store.completeTurn(turn("m1", "anna"));
            store.attemptStarted("d1", 1, false, NOON);
            assertThat(store.status().detail()).contains("99 MB");
        }
    }

    @Test
    void aStormOfInterruptsHarmsNobody() throws Exception {
        // Given
        var random = new Random(7);
        try (Store store = TestStores.temporary(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var callers = new ArrayList<Future<?>>();
            for (int caller = 0; caller < 100; caller++) {
                String name = "c" + caller + "-";
                callers.add(threads.submit(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        store.accept(message(name + i));
                        store.inbound(name + i);
                        store.history(session("anna"), 10, Optional.empty());
                    }
                    return null;
                }));
            }

            // When
            while (callers.stream().anyMatch(caller -> !caller.isDone())) {
                callers.get(random.nextInt(callers.size())).cancel(true);
            }

            // Then
            store.accept(message("after"));
            assertThat(store.inbound("after")).isPresent();
            assertThat(store.status().writable()).isTrue();
        }
    }

    private void tear(int slot) throws Exception {
        try (var file = new RandomAccessFile(folder.resolve("hub.mark").toFile(), "rw")) {
            file.seek(slot * 4_096L + 20);
            file.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        TestStores.options(folder).url() + ";MAX_COMPACT_TIME=0", H2Url.USER, H2Url.PASSWORD);
                var change = connection.createStatement()) {
            assertThat(change.executeUpdate(statement)).isPositive();
        }
    }
}
