package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.metrics.Meters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies of a store that is being written, and restores. */
@Timeout(120)
class StoreCopyTest {
    private static final Logger log = LoggerFactory.getLogger(StoreCopyTest.class);
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    @Test
    void aCopyMadeUnderLoadIsTheStoreAsOfOneCommit() throws Exception {
        // Given
        try (H2Store store = open()) {
            var isOver = new AtomicBoolean();
            var accepted = new AtomicInteger();
            var ended = new ArrayList<Future<Boolean>>();
            try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int writer = 0; writer < 16; writer++) {
                    String name = "w" + writer + "-";
                    ended.add(writers.submit(() -> {
                        for (int i = 0; !isOver.get(); i++) {
                            store.accept(message(name + i));
                            accepted.incrementAndGet();
                            // Each turn moves its message: in a copy it is here or there, never in both or none.
                            store.completeTurn(turn(name + i, "anna"));
                        }
                        return true;
                    }));
                }
                try {
                    for (int round = 0; round < 8; round++) {
                        Path copy = elsewhere.resolve("copy" + round + ".mv.db");

                        // When
                        int before = accepted.get();
                        StoreCopy made = store.copyTo(copy, CopyWatch.NONE);

                        // Then
                        StoreReport report = StoreFile.check(copy, BodyVisitor.NONE);
                        assertThat(report.findings()).isEmpty();
                        assertThat(report.identity()).isEqualTo(new StoreIdentity(made.storeId(), made.commitNumber()));
                        long lines = report.rows().getOrDefault("lines", 0L);
                        assertThat(lines / 2 + report.rows().getOrDefault("inbox", 0L))
                                .isGreaterThanOrEqualTo(before);
                        assertThat(lines % 2).isZero();
                    }
                } finally {
                    isOver.set(true);
                }
                for (Future<Boolean> each : ended) {
                    assertThat(each.get()).isTrue();
                }
            }
        }
    }

    @Test
    void copyingHoldsNobodyUpAndAfterItSpaceIsReusedAgain() throws Exception {
        // Given
        try (H2Store store = open()) {
            for (int i = 0; i < 50; i++) {
                store.accept(message("m" + i));
            }
            var during = new AtomicInteger();

            // When
            store.copyTo(elsewhere.resolve("copy.mv.db"), bytes -> {
                try {
                    store.accept(message("during" + during.getAndIncrement()));
                } catch (InterruptedException stop) {
                    throw new IOException(stop);
                }
            });
            for (int i = 0; i < 3_000; i++) {
                store.keep(new StoredNote("scope", "name", "value " + i));
            }

            // Then
            assertThat(during.get()).isPositive();
            assertThat(store.status().bytes()).isLessThan(8_000_000);
        }
    }

    @Test
    void aCopyingThatIsEndedLeavesNothing() throws Exception {
        // Given
        Path copy = elsewhere.resolve("copy.mv.db");
        try (H2Store store = open()) {
            store.accept(message("m1"));

            // When
            assertThatThrownBy(() -> store.copyTo(copy, bytes -> {
                        throw new IOException("no room");
                    }))
                    .hasMessageContaining("no room");

            // Then
            assertThat(copy).doesNotExist();
            store.accept(message("m2"));
        }
    }

    @Test
    void aRestoreBringsTheBackupAndTakesOverWhatIsNewer() throws Exception {
        // Given
        Path fresh = backupThen(store -> {
            store.completeTurn(turn("m1", "anna"));
            store.accept(message("m3"));
            store.enqueue(delivery("d2"), Optional.empty());
        });
        Path database = folder.resolve("hub.mv.db");
        wipe(database, 0, 8_192);
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(StoreException.class, refused -> assertThat(refused.isDamage())
                        .isTrue())
                .hasMessageContaining("patchbay backup restore latest");

        // When
        RestoreResult result = files().locked(() -> files().restore(fresh, true));

        // Then
        assertThat(result.isComplete()).isTrue();
        assertThat(result.setAside().resolve("hub.mv.db")).exists();
        assertThat(result.setAside().resolve("hub.mark")).exists();
        try (H2Store store = open()) {
            assertThat(store.pendingInbound(0, 10))
                    .extracting(InboundRef::messageId)
                    .containsExactly("m2", "m3");
            assertThat(store.history(session("anna"), 10, Optional.empty()).items())
                    .extracting(StoredLine::lineId)
                    .containsExactly("m1", "m1-a");
            assertThat(store.openDeliveries(0, 10))
                    .allSatisfy(each -> assertThat(each.possiblyRepeated()).isTrue())
                    .extracting(DeliveryRef::deliveryId)
                    .containsExactly("d1", "d2");
            assertThat(store.deliveryCounts()).hasSize(1);
        }
    }

    @Test
    void whatWasRestoredIsAnotherStoreSoThatTheOldOneIsNeverTakenForIt() throws Exception {
        // Given
        Path fresh = backupThen(store -> {
            for (int i = 10; i < 30; i++) {
                store.accept(message("m" + i));
            }
        });
        RestoreResult result = files().locked(() -> files().restore(fresh, false));
        long lastSeq;
        try (H2Store store = open()) {
            assertThat(store.inbound("m10")).isEmpty();
            store.accept(message("new"));
            lastSeq = store.appendEvent("test.event", java.util.Map.of(), NOON);
        }

        // When
        Files.copy(
                result.setAside().resolve("hub.mv.db"),
                folder.resolve("hub.mv.db"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        // Then
        assertThatThrownBy(this::open).hasMessageContaining("not the one");
        assertThat(lastSeq).isGreaterThan(1_000_000_000_000L);
    }

    @Test
    void aRestoreThatWasCutOffAnywhereIsFinishedAtTheNextStart() throws Exception {
        for (String already : new String[] {"", "database", "database mark", "database mark fresh"}) {
            // Given
            Path data = Files.createDirectories(elsewhere.resolve("cut " + already.length()));
            Path database = data.resolve("hub.mv.db");
            Path fresh = data.resolve("restoring-hub.mv.db");
            try (Store store = TestStores.temporary(data)) {
                store.accept(message("restored"));
            }
            Files.copy(database, fresh);
            Files.delete(data.resolve("hub.mark"));
            Files.delete(database);
            try (Store store = TestStores.temporary(data)) {
                store.accept(message("old"));
            }
            Path aside = Files.createDirectories(data.resolve("set-aside/x"));
            if (already.contains("database")) {
                Files.move(database, aside.resolve("hub.mv.db"));
            }
            if (already.contains("mark")) {
                Files.move(data.resolve("hub.mark"), aside.resolve("hub.mark"));
            }
            if (already.contains("fresh")) {
                Files.move(fresh, database);
            } else {
                Files.writeString(data.resolve("hub.mv.db.unconfirmed"), "left by a start of the old one");
            }
            Files.writeString(
                    data.resolve("restore.pending"),
                    "fresh=" + fresh + "\ndatabase=" + database + "\naside=" + aside + "\n");

            // When
            try (Store store = TestStores.temporary(data)) {
                // Then
                assertThat(store.inbound("restored")).isPresent();
            }
            assertThat(data.resolve("restore.pending")).doesNotExist();
            assertThat(aside.resolve("hub.mv.db")).exists();
        }
    }

    @Test
    @Timeout(900)
    void nothingIsCalledCompleteThatIsNotAndWhatTheBackupHadIsNeverLost() throws Exception {
        // Given
        Path backup = elsewhere.resolve("backup.mv.db");
        Set<String> early = new TreeSet<>();
        Set<String> all = new TreeSet<>();
        try (H2Store store = open()) {
            for (int i = 0; i < 20; i++) {
                store.accept(message(i + "-early"));
                early.add(i + "-early");
            }
            store.copyTo(backup, CopyWatch.NONE);
            all.addAll(early);
            for (int i = 0; i < 400; i++) {
                store.accept(message(i + "-late"));
                all.add(i + "-late");
            }
        }
        int complete = 0;
        int told = 0;
        int alone = 0;
        for (int seed = 0; seed < Integer.getInteger("patchbay.damages", 20); seed++) {
            var random = new Random(seed);
            Path data = Files.createDirectories(elsewhere.resolve("seed" + seed));
            Path database = Files.copy(folder.resolve("hub.mv.db"), data.resolve("hub.mv.db"));
            Files.copy(folder.resolve("hub.mark"), data.resolve("hub.mark"));
            for (int n = random.nextInt(1, 5); n > 0; n--) {
                wipe(database, random.nextLong(Files.size(database) - 600), random.nextInt(1, 600));
            }
            StoreFolder files = TestStores.files(data);
            Files.copy(backup, files.unpackTo());

            // When
            RestoreResult result;
            try {
                result = files.locked(() -> files.restore(files.unpackedTo(), true));
            } catch (IOException | StoreException notWithIt) {
                // Whoever restores then puts the backup back alone.
                alone++;
                continue;
            }

            // Then
            Set<String> found = new TreeSet<>();
            try (H2Store store = TestStores.h2(data)) {
                store.pendingInbound(0, 1_000).forEach(each -> found.add(each.messageId()));
            }
            assertThat(found).as("seed " + seed).containsAll(early).isSubsetOf(all);
            if (result.isComplete()) {
                assertThat(found).as("seed " + seed + " is called complete").isEqualTo(all);
                complete++;
            } else {
                told++;
            }
        }
        log.info(
                "Of the damages {} were read to the end, {} told a loss, {} left the backup alone",
                complete,
                told,
                alone);
        assertThat(complete + told).isPositive();
    }

    @Test
    void compactingMakesTheFileSmallerAndChangesNothing() throws Exception {
        // Given
        try (H2Store store = open()) {
            for (int i = 0; i < 300; i++) {
                store.accept(message("m" + i));
            }
        }
        long before = Files.size(folder.resolve("hub.mv.db"));

        // When
        long after = files().locked(() -> files().compact(CopyWatch.NONE));

        // Then
        assertThat(after).isLessThanOrEqualTo(before);
        try (H2Store store = open()) {
            assertThat(store.pendingInbound(0, 1_000)).hasSize(300);
        }
    }

    @Test
    void nothingIsDoneWhileAHubHasTheStore() throws Exception {
        // Given
        try (H2Store store = open()) {
            store.probe();

            // Then
            assertThatThrownBy(() -> files().locked(() -> files().compact(CopyWatch.NONE)))
                    .hasMessageContaining("another hub");
        }
    }

    private interface Doing {
        void with(H2Store store) throws Exception;
    }

    /** Two messages and a delivery are in the backup, more in the store. */
    private Path backupThen(Doing later) throws Exception {
        Path fresh = files().unpackTo();
        try (H2Store store = open()) {
            store.accept(message("m1"));
            store.accept(message("m2"));
            store.enqueue(delivery("d1"), Optional.empty());
            store.copyTo(fresh, CopyWatch.NONE);
            later.with(store);
        }
        return fresh;
    }

    private static void wipe(Path file, long from, int bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(bytes), from);
        }
    }

    private StoreFolder files() {
        return new StoreFolder(folder, TestStores.options(folder).url(), CLOCK);
    }

    private H2Store open() {
        return H2Store.open(TestStores.options(folder), Clock.systemUTC(), Meters.NONE);
    }
}
