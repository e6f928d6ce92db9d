package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.patchbay.hub.failpoint.FailPoints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * The power goes off while a store opens, migrates, writes and closes, again and again. {@code -Dpatchbay.cuts} says how often,
 * {@code -Dpatchbay.seed} with which first seed; {@code scripts/power-cuts} does both.
 */
class PowerCutTest {
    private static final int CUTS = Integer.getInteger("patchbay.cuts", 250);
    private static final int PROGRESS = 1_000;

    /** A store whose power has been cut has much to say, thousands of times. */
    private static final List<String> TALKERS = List.of("dev.patchbay.hub.store", "org.flywaydb");

    @BeforeAll
    static void silence() {
        TALKERS.forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF));
    }

    @AfterAll
    static void speakAgain() {
        TALKERS.forEach(name -> ((Logger) LoggerFactory.getLogger(name)).setLevel(null));
    }

    @Test
    @Timeout(7_200)
    void whatWasAcknowledgedIsThereAndEverythingElseWholeOrNotAtAll() throws Exception {
        cut("", CUTS, List.of(madeBefore(), PowerCutDisk.empty(PowerCutDisk.chance(1)), madeByAnEarlierHub()));
    }

    /** Rare above: a store that is made anew, or by an earlier hub, and has no mark at all. */
    @Test
    @Timeout(7_200)
    void aFirstStartAndAMigrationLiveThroughItToo() throws Exception {
        cut(
                " at the beginning",
                Math.max(1, CUTS / 2),
                List.of(madeByAnEarlierHub(), PowerCutDisk.empty(PowerCutDisk.chance(1))));
    }

    /** A disk above writes a sector whole or not at all, and so a slot of the mark. */
    @Test
    @Timeout(7_200)
    void aTornSlotOfTheMarkLosesNothingAndNothingIsCopied() throws Exception {
        // Given
        Predicate<String> mark = path -> path.startsWith("/data/hub.mark");

        // When
        PowerCutRound.Tally seen =
                cut(" in the mark", Math.max(1, CUTS / 2), List.of(madeBefore().tearing(mark)));

        // Then
        assertThat(seen.tornSectors).isGreaterThanOrEqualTo(seen.cuts / 20);
        assertThat(seen.copies).isZero();
    }

    /** As before, where there is no mark yet that could be mended. */
    @Test
    @Timeout(7_200)
    void aTornSlotLosesNothingAtTheBeginningEither() throws Exception {
        Predicate<String> mark = path -> path.startsWith("/data/hub.mark");
        cut(
                " in the mark at the beginning",
                Math.max(1, CUTS / 4),
                List.of(
                        madeByAnEarlierHub().tearing(mark),
                        PowerCutDisk.empty(PowerCutDisk.chance(1)).tearing(mark)));
    }

    /** The mark then knows how far the store had come, but not the file. */
    @Test
    @Timeout(7_200)
    void theFirstStartsAfterARestoreLiveThroughItToo() throws Exception {
        // Given
        PowerCutDisk restored = restored();
        long first = Long.getLong("patchbay.seed", System.nanoTime() & 0xFFFFFFFL);
        long cuts = 0;
        long seed = first;
        for (; cuts < Math.max(1, CUTS); seed++) {
            // When
            Random random = PowerCutDisk.chance(seed);
            PowerCutDisk disk = restored.copy(random, path -> false);
            for (boolean opened = false; !opened; disk = disk.afterwards()) {
                opened = opens(disk, random, seed);
                cuts++;
            }

            // Then
            String name = PowerCutFilePath.mount(disk);
            PowerCutRound.open(disk, name).close();
            PowerCutFilePath.unmount(name);
        }
        System.out.println("power cuts after a restore: seeds " + first + " to " + (seed - 1) + ": " + cuts
                + " cuts; each store opened at last");
    }

    /** False if the power went off before it was open. */
    private static boolean opens(PowerCutDisk disk, Random random, long seed) {
        disk.cutAtChange(1 + random.nextInt(40));
        String name = PowerCutFilePath.mount(disk);
        try {
            PowerCutRound.open(disk, name).close();
            return true;
        } catch (RuntimeException refused) {
            assertThat(disk.isOff()).as("seed " + seed + ": " + refused).isTrue();
            return false;
        } finally {
            PowerCutFilePath.unmount(name);
        }
    }

    /** Each was a loss once; what it was stands beside it in the file. */
    @ParameterizedTest
    @MethodSource("seedsThatFailed")
    @Timeout(60)
    void aSeedThatFailedOnceFailsNoMore(long seed) throws Exception {
        List<PowerCutDisk> disks =
                List.of(madeBefore(), PowerCutDisk.empty(PowerCutDisk.chance(1)), madeByAnEarlierHub());
        new PowerCutRound(seed, disks, path -> false, new PowerCutRound.Tally()).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/hub.mv.db", "/data/hub.mark", "/data", ""})
    @Timeout(120)
    void aDiskThatLiesAboutItsForcesIsFoundOut(String path) throws Exception {
        // Given
        Predicate<String> liar = path.isEmpty() ? any -> true : path::equals;
        // Names change only when a store is new.
        PowerCutDisk disk = path.equals("/data") ? PowerCutDisk.empty(PowerCutDisk.chance(1)) : madeBefore();

        // When
        int losses = 0;
        for (long seed = 1; seed <= 20; seed++) {
            try {
                new PowerCutRound(seed, List.of(disk), liar, new PowerCutRound.Tally()).run();
            } catch (AssertionError loss) {
                losses++;
            }
        }

        // Then
        assertThat(losses).isPositive();
    }

    private static PowerCutRound.Tally cut(String when, int cuts, List<PowerCutDisk> disks)
            throws InterruptedException {
        long first = Long.getLong("patchbay.seed", System.nanoTime() & 0xFFFFFFFL);
        var tally = new PowerCutRound.Tally();
        long seed = first;
        for (; tally.cuts < cuts; seed++) {
            long before = tally.cuts;
            new PowerCutRound(seed, disks, path -> false, tally).run();
            if (tally.cuts / PROGRESS > before / PROGRESS && tally.cuts < cuts) {
                System.out.println("power cuts" + when + ": " + tally);
            }
        }
        System.out.println(
                "power cuts" + when + ": seeds " + first + " to " + (seed - 1) + ": " + tally + "; nothing lost");
        return tally;
    }

    static LongStream seedsThatFailed() throws IOException {
        try (InputStream lines =
                Objects.requireNonNull(PowerCutTest.class.getResourceAsStream("/power-cuts/seeds-that-failed.txt"))) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .toList()
                            .stream()
                            .mapToLong(Long::parseLong);
        }
    }

    private static PowerCutDisk madeBefore() {
        PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(1));
        String name = PowerCutFilePath.mount(disk);
        PowerCutRound.open(disk, name).close();
        PowerCutFilePath.unmount(name);
        return disk;
    }

    private static PowerCutDisk restored() throws IOException {
        PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(1));
        String name = PowerCutFilePath.mount(disk);
        Path data = disk.files().getPath(name + "/data");
        StoreIdentity identity;
        try (H2Store store = PowerCutRound.open(disk, name)) {
            identity = store.identity();
        }
        Files.delete(data.resolve(HighWaterMark.NAME));
        try (var mark = new HighWaterMark(data, FailPoints.NONE)) {
            mark.check(identity.storeId(), identity.commitNumber(), Confirmed.UNKNOWN);
        }
        PowerCutFilePath.unmount(name);
        return disk;
    }

    private static PowerCutDisk madeByAnEarlierHub() throws IOException {
        PowerCutDisk disk = PowerCutDisk.empty(PowerCutDisk.chance(1));
        String name = PowerCutFilePath.mount(disk);
        Folders.make(disk.files().getPath(name + "/data"));
        Flyway.configure()
                .dataSource("jdbc:h2:" + PowerCutRound.url(name), H2Url.USER, H2Url.PASSWORD)
                .locations("classpath:db/h2")
                .target("2")
                .load()
                .migrate();
        Folders.force(disk.files().getPath(name + "/data"));
        PowerCutFilePath.unmount(name);
        return disk;
    }
}
