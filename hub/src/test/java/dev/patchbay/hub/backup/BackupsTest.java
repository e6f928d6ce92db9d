package dev.patchbay.hub.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.hub.backup.BackupTrouble.Kind;
import dev.patchbay.hub.lane.TestWorld;
import dev.patchbay.hub.store.CopyWatch;
import dev.patchbay.hub.store.H2Store;
import dev.patchbay.hub.store.InboundRef;
import dev.patchbay.hub.store.StoreCopy;
import dev.patchbay.hub.store.StoreReport;
import dev.patchbay.hub.store.TestStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real store, and what becomes of them. */
@Timeout(120)
class BackupsTest {
    private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);

    private final TestWorld world = new TestWorld();
    private final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
    private final Path data;
    private final Backups backups;
    private H2Store store;

    BackupsTest(@TempDir Path folder) throws IOException {
        data = Files.createDirectories(folder.resolve("data"));
        backups = new Backups(
                new BackupSettings(data, data.resolve("backups"), Optional.of(Duration.ofHours(24)), 2, 1_000, "1.2.3"),
                world.clock(),
                freeBytes::get);
        store = TestStores.h2(data);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aBackupSaysWhatIsInItAndHoldsTheFilesThatMessagesName() throws Exception {
        // Given
        TestStores.storeMessage(store, "m1", "look: attachment:" + picture());
        TestStores.storeMessage(store, "m2", "gone: attachment:" + "0".repeat(64));

        // When
        Backup made = backups.create(source(), Progress.NONE);

        // Then
        assertThat(made.name()).matches("hub-20260301T100000Z-\\d+\\.zip");
        assertThat(made.manifest().commitNumber()).isEqualTo(store.identity().commitNumber());
        assertThat(made.manifest().rows()).containsEntry("inbox", 2L);
        assertThat(made.manifest().attachments()).isEqualTo(1);
        assertThat(made.manifest().attachmentsMissing()).isEqualTo(1);
        assertThat(backups.list()).containsExactly(made);
        assertThat(backups.verify(made.file(), Progress.NONE).attachmentsDamaged())
                .isZero();
        assertThat(data.resolve("backups/.making")).doesNotExist();
    }

    @Test
    void everyFlippedBitInABackupIsFound() throws Exception {
        // Given
        TestStores.storeMessage(store, "m1", "hello");
        Backup made = backups.create(source(), Progress.NONE);
        byte[] good = Files.readAllBytes(made.file());
        var random = new Random(4);

        for (int round = 0; round < 60; round++) {
            byte[] bad = good.clone();
            int bit = random.nextInt(good.length * 8);
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(made.file(), bad);

            // When
            BackupTrouble trouble = null;
            Optional<StoreReport> report = Optional.empty();
            try {
                report = Optional.of(backups.verify(made.file(), Progress.NONE).report());
            } catch (BackupTrouble found) {
                trouble = found;
            }

            // Then
            if (trouble == null) {
                // The zip's own frame holds a few bits that mean nothing, as dates: then all content is as it was.
                assertThat(report.orElseThrow().rows())
                        .isEqualTo(made.manifest().rows());
                assertThat(BackupFile.manifest(made.file())).isEqualTo(made.manifest());
            } else {
                assertThat(trouble.kind()).isEqualTo(Kind.DAMAGED);
            }
        }
        Files.write(made.file(), good);
        assertThat(backups.verify(made.file(), Progress.NONE).report().isGood()).isTrue();
    }

    @Test
    void noFlippedBitOfTheManifestPassesForAnotherManifest() throws Exception {
        // Given: as it is the first thing in the file, everything of it lies before the name of the second
        TestStores.storeMessage(store, "m1", "hello");
        Backup made = backups.create(source(), Progress.NONE);
        byte[] good = Files.readAllBytes(made.file());
        int end = new String(good, StandardCharsets.ISO_8859_1).indexOf("attachments.txt");

        for (int bit = 0; bit < end * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(made.file(), bad);

            // When
            Optional<Manifest> read = Optional.empty();
            try {
                read = Optional.of(BackupFile.manifest(made.file()));
            } catch (IOException noticed) {
                // So it should be.
            }

            // Then
            assertThat(read.orElse(made.manifest())).as("bit %s", bit).isEqualTo(made.manifest());
        }
    }

    @Test
    void aDamagedRecordIsSetAsideFirstSoThatTheRestIsBackedUp() throws Exception {
        // Given
        TestStores.storeMessage(store, "m1", "hello");
        TestStores.storeMessage(store, "m2", "hello");
        store.close();
        TestStores.damage(data, "m1");
        store = TestStores.h2(data);

        // When
        Backup made = backups.create(source(), Progress.NONE);

        // Then
        assertThat(made.manifest().rows()).containsEntry("inbox", 1L).containsEntry("set_aside", 1L);
        assertThat(store.setAside()).singleElement().satisfies(each -> {
            assertThat(each.kind()).isEqualTo("inbox");
            assertThat(each.id()).isEqualTo("m1");
        });
    }

    @Test
    void withoutRoomNoneIsMadeAndNothingIsLeftBehind() throws Exception {
        // Given
        TestStores.storeMessage(store, "m1", "hello");
        Backup good = backups.create(source(), Progress.NONE);
        freeBytes.set(1_000_000);

        // When
        var trouble = catchThrowableOfType(BackupTrouble.class, () -> backups.create(source(), Progress.NONE));

        // Then
        assertThat(trouble.kind()).isEqualTo(Kind.NO_ROOM);
        assertThat(trouble.cure()).contains("backups.dir");
        assertThat(backups.list()).containsExactly(good);
        assertThat(data.resolve("backups/.making")).doesNotExist();
        TestStores.storeMessage(store, "m2", "the hub goes on");
    }

    @Test
    void whatAnEarlierProcessLeftHalfDoneNeverCountsAndGoes() throws Exception {
        // Given
        Path making = Files.createDirectories(data.resolve("backups/.making"));
        Files.writeString(making.resolve("hub.zip"), "half a backup");
        Files.writeString(making.resolve("hub.mv.db"), "half a copy");
        TestStores.storeMessage(store, "m1", "hello");

        // When
        assertThat(backups.list()).isEmpty();
        backups.create(source(), Progress.NONE);

        // Then
        assertThat(backups.list()).hasSize(1);
        assertThat(making).doesNotExist();
    }

    @Test
    void theOldestGoWithTheFilesThatOnlyTheyName() throws Exception {
        // Given
        String picture = picture();
        TestStores.storeMessage(store, "m1", "attachment:" + picture);
        Backup first = backups.create(source(), Progress.NONE);
        Path kept = data.resolve("backups/attachments/" + picture.substring(0, 2) + "/" + picture);
        assertThat(kept).exists();
        store.setAside("m1", "no longer wanted", world.clock().instant());

        // When
        for (int day = 0; day < 2; day++) {
            world.advance(Duration.ofDays(1));
            TestStores.storeMessage(store, "day" + day, "hello");
            backups.create(source(), Progress.NONE);
        }

        // Then
        assertThat(backups.list()).hasSize(2).doesNotContain(first);
        assertThat(kept).doesNotExist();
        assertThat(data.resolve("attachments/" + picture.substring(0, 2) + "/" + picture))
                .exists();
    }

    @Test
    void aRestoreBringsRowsAndFilesAndSetsAsideWhatWasThere() throws Exception {
        // Given
        String picture = picture();
        TestStores.storeMessage(store, "m1", "attachment:" + picture);
        Backup made = backups.create(source(), Progress.NONE);
        TestStores.storeMessage(store, "m2", "later");
        store.close();
        Files.delete(data.resolve("attachments/" + picture.substring(0, 2) + "/" + picture));

        // When
        Restoring.Restored restored = restoring().restore(made.file(), false, Progress.NONE);

        // Then
        assertThat(restored.lost()).hasValueSatisfying(lost -> assertThat(lost).contains("between"));
        assertThat(restored.attachmentsMissing()).isZero();
        assertThat(restored.result().setAside().resolve("hub.mv.db")).exists();
        assertThat(data.resolve("attachments/" + picture.substring(0, 2) + "/" + picture))
                .hasBinaryContent(PICTURE);
        store = TestStores.h2(data);
        assertThat(store.pendingInbound(0, 10))
                .extracting(InboundRef::messageId)
                .containsExactly("m1");
    }

    @Test
    void afterDamageTheNewestBackupThatIsGoodIsTakenAndANoteStaysUntilItIsAcknowledged() throws Exception {
        // Given
        TestStores.storeMessage(store, "m1", "hello");
        backups.create(source(), Progress.NONE);
        world.advance(Duration.ofDays(1));
        TestStores.storeMessage(store, "m2", "hello");
        Backup newest = backups.create(source(), Progress.NONE);
        Files.write(newest.file(), new byte[1_000]);
        store.close();
        Files.write(data.resolve("hub.mv.db"), new byte[100_000]);

        // When
        Restoring.Restored restored = restoring().restoreAfterDamage("it is damaged");

        // Then
        var notice = new RestoreNotice(data);
        assertThat(restored.backup().name()).startsWith("hub-20260301T");
        assertThat(notice.read()).hasValueSatisfying(what -> assertThat(what).contains("it is damaged", "lost"));
        assertThat(notice.acknowledge()).isTrue();
        assertThat(notice.read()).isEmpty();
        store = TestStores.h2(data);
        assertThat(store.pendingInbound(0, 10))
                .extracting(InboundRef::messageId)
                .containsExactly("m1");
    }

    @Test
    void backupsAreMadeOnTimeTheFirstSoonAfterThereIsSomethingToLose() throws Exception {
        // Given
        var reports = new Reports();
        var schedule = new BackupSchedule(
                backups,
                source(),
                () -> store.identity().storeId(),
                () -> {
                    try {
                        return !store.pendingInbound(0, 1).isEmpty();
                    } catch (InterruptedException stop) {
                        throw new IllegalStateException(stop);
                    }
                },
                reports,
                world.world());
        schedule.start();
        world.advance(Duration.ofHours(1));
        assertThat(reports.made).isEmpty();

        // When
        TestStores.storeMessage(store, "m1", "hello");
        world.advance(Duration.ofMinutes(2));
        world.advance(Duration.ofHours(25));
        freeBytes.set(0);
        world.advance(Duration.ofHours(24));

        // Then
        assertThat(reports.made).hasSize(2);
        assertThat(reports.failed).hasSize(1);
        assertThat(schedule.standing().trouble()).isPresent();
        freeBytes.set(Long.MAX_VALUE);
        world.advance(Duration.ofMinutes(11));
        assertThat(reports.made).hasSize(3);
        assertThat(schedule.standing().trouble()).isEmpty();
        schedule.close();
    }

    private static final class Reports implements BackupSchedule.Reports {
        final List<Backup> made = new ArrayList<>();
        final List<BackupTrouble> failed = new ArrayList<>();

        @Override
        public synchronized void made(Backup backup) {
            made.add(backup);
        }

        @Override
        public synchronized void failed(BackupTrouble why) {
            failed.add(why);
        }
    }

    private Backups.Source source() {
        return new Backups.Source() {
            @Override
            public StoreCopy copyTo(Path target, CopyWatch watch) throws IOException, InterruptedException {
                return store.copyTo(target, watch);
            }

            @Override
            public boolean reexamine(StoreReport report) throws InterruptedException {
                store.reexamine(report);
                return true;
            }
        };
    }

    private Restoring restoring() {
        return new Restoring(backups, TestStores.files(data));
    }

    /** A stored file; its name. */
    private String picture() throws IOException {
        String name = HexFormat.of().formatHex(BackupFile.sha256().digest(PICTURE));
        Path shelf = Files.createDirectories(data.resolve("attachments/" + name.substring(0, 2)));
        Files.write(shelf.resolve(name), PICTURE);
        return name;
    }
}
