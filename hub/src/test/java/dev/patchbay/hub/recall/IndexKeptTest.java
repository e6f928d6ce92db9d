package dev.patchbay.hub.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.Retention;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The index follows the store, through deletions, crashes and damage. */
@Timeout(120)
class IndexKeptTest {
    private static final Retention KEEP_ALL =
            new Retention(Duration.ofDays(9_999), Duration.ofDays(9_999), Duration.ofDays(9_999));

    private final Path folder;
    private final Spoken spoken;

    IndexKeptTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.spoken = new Spoken(folder);
    }

    @AfterEach
    void close() {
        spoken.close();
    }

    @Test
    void aLineIsFoundOnce() throws Exception {
        // Given
        String line = spoken.say("a needle");
        spoken.keepUp();
        spoken.keepUp();
        spoken.say("hay");

        // When
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactly(line);
        assertThat(spoken.index().lines()).isEqualTo(2);
    }

    @Test
    void aDeletedSessionIsGoneAtOnceEvenIfTheIndexIsBehind() throws Exception {
        // Given
        spoken.say("main", "anna", "a needle");
        String other = spoken.say("main", "bert", "a needle");
        spoken.keepUp();

        // When
        spoken.store().deleteSession(Spoken.session("main", "anna"));

        // Then
        assertThat(spoken.ids("needle")).containsExactly(other);
    }

    @Test
    void whatIsDeletedLeavesTheIndexToo() throws Exception {
        // Given
        for (int i = 0; i < 20; i++) {
            spoken.say("main", "anna", "a needle " + i);
        }
        spoken.say("main", "bert", "hay");
        spoken.keepUp();

        // When
        spoken.store().deleteSession(Spoken.session("main", "anna"));
        spoken.keepUp();

        // Then
        assertThat(spoken.index().transcripts(-1, 10)).hasSize(1);
    }

    @Test
    void aClearedTranscriptIsGoneAndItsSessionGoesOn() throws Exception {
        // Given
        spoken.say("an old needle");
        spoken.keepUp();

        // When
        spoken.store().clearSession(Spoken.session("main", "anna"), Spoken.NOON);
        String later = spoken.say("a new needle");
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactly(later);
    }

    @Test
    void whatWasDeletedAndPrunedWhileNobodyLookedDoesNotComeBack() throws Exception {
        // Given
        spoken.say("main", "anna", "a needle");
        spoken.say("main", "bert", "hay");
        spoken.keepUp();
        spoken.commit();

        // When
        spoken.store().deleteSession(Spoken.session("main", "anna"));
        while (spoken.store().prune(KEEP_ALL, Spoken.NOON)) {
            Thread.onSpinWait();
        }
        spoken.reopenIndex();

        // Then
        assertThat(spoken.index().transcripts(-1, 10)).hasSize(1);
        assertThat(spoken.ids("needle")).isEmpty();
    }

    @Test
    void aTranscriptThatWasPutAwayIsStillFound() throws Exception {
        // Given
        String old = spoken.sayGoodBye("main", "anna", "a needle of before");
        String fresh = spoken.say("main", "anna", "a needle of now");
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactlyInAnyOrder(fresh, old);
        assertThat(spoken.find(
                        new LineQuery("needle", Optional.of(Spoken.session("main", "anna")), Optional.empty(), 10)))
                .hasSize(2);
        spoken.store().deleteSession(Spoken.session("main", "anna"));
        assertThat(spoken.ids("needle")).isEmpty();
    }

    @Test
    void onlyTheSessionAskedForIsSearched() throws Exception {
        // Given
        String mine = spoken.say("main", "anna", "a needle");
        spoken.say("main", "bert", "a needle");
        spoken.keepUp();

        // When
        List<FoundLine> found =
                spoken.find(new LineQuery("needle", Optional.of(Spoken.session("main", "anna")), Optional.empty(), 10));

        // Then
        assertThat(found).extracting(FoundLine::messageId).containsExactly(mine);
    }

    @Test
    void aPageIsFullAlthoughMostOfWhatTheIndexKnowsIsGone() throws Exception {
        // Given
        String kept = spoken.say("main", "bert", "a needle");
        for (int i = 0; i < 50; i++) {
            spoken.say("main", "anna", "a needle");
        }
        spoken.keepUp();
        spoken.store().deleteSession(Spoken.session("main", "anna"));

        // When
        List<FoundLine> found = spoken.find(new LineQuery("needle", Optional.empty(), Optional.empty(), 5));

        // Then
        assertThat(found).extracting(FoundLine::messageId).containsExactly(kept);
    }

    @Test
    void afterAKillItGoesOnWhereItsLatestCommitStands() throws Exception {
        // Given
        String first = spoken.say("needle one");
        spoken.keepUp();
        spoken.commit();
        String second = spoken.say("needle two");
        spoken.keepUp();

        // When
        spoken.reopenIndex();
        assertThat(spoken.ids("needle")).containsExactly(first);
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactlyInAnyOrder(first, second);
        assertThat(spoken.index().lines()).isEqualTo(2);
    }

    @Test
    void anIndexThatIsMissingIsMadeAgain() throws Exception {
        // Given
        String line = spoken.say("a needle");
        spoken.keepUp();
        spoken.commit();
        spoken.closeAll();
        try (Stream<Path> files = Files.list(spoken.indexFolder())) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(spoken.indexFolder());

        // When
        spoken.openAll();
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactly(line);
    }

    @Test
    void anIndexOfAnotherStoreIsMadeAgain(@TempDir Path elsewhere) throws Exception {
        // Given
        try (var other = new Spoken(elsewhere)) {
            other.say("a foreign needle");
            other.keepUp();
            other.commit();
        }
        String line = spoken.say("a needle");
        spoken.closeAll();
        copy(elsewhere.resolve("index"), spoken.indexFolder());

        // When
        spoken.openAll();
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactly(line);
    }

    @Test
    void anIndexAheadOfItsStoreIsMadeAgain(@TempDir Path before) throws Exception {
        // Given
        String first = spoken.say("needle one");
        spoken.keepUp();
        spoken.closeAll();
        copy(folder, before);
        spoken.openAll();
        spoken.say("needle two");
        spoken.keepUp();
        spoken.commit();
        spoken.closeAll();

        // When
        copy(before, folder);
        spoken.openAll();
        assertThat(spoken.index().position()).isZero();
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactly(first);
    }

    @Test
    void anyDamageIsNoticedAndTheIndexMadeAgain(@TempDir Path intact) throws Exception {
        // Given
        String line = "";
        for (int i = 0; i < 50; i++) {
            line = spoken.say(i == 49 ? "a needle" : "much hay " + i + " 北京烤鸭");
        }
        spoken.keepUp();
        spoken.commit();
        spoken.closeAll();
        copy(spoken.indexFolder(), intact);
        var random = new Random(11);
        for (int round = 0; round < 60; round++) {
            copy(intact, spoken.indexFolder());
            damage(random);

            // When
            spoken.openAll();
            spoken.keepUp();

            // Then
            assertThat(spoken.ids("needle")).as("round " + round).containsExactly(line);
            assertThat(spoken.find("京烤")).as("round " + round).hasSize(49);
            spoken.closeAll();
        }
        spoken.openAll();
    }

    @Test
    void withoutRoomNothingIsWrittenAndLaterAllIsThere() throws Exception {
        // Given
        String line = spoken.say("a needle");
        spoken.leave(1 << 20);

        // Then
        assertThatThrownBy(spoken::keepUp).isInstanceOf(Follower.NoRoom.class).hasMessageContaining("1 MB");
        assertThat(spoken.ids("needle")).isEmpty();

        // When
        spoken.leave(1L << 40);
        spoken.keepUp();

        // Then
        assertThat(spoken.ids("needle")).containsExactly(line);
    }

    @Test
    void moreLinesThanOneStepTakesAreAllFound() throws Exception {
        // Given
        int lines = Follower.LINES_AT_ONCE * 2 + 7;
        for (int i = 0; i < lines; i++) {
            spoken.say("number " + i);
        }

        // When
        spoken.keepUp();

        // Then
        assertThat(spoken.index().lines()).isEqualTo(lines);
        assertThat(spoken.ids("number " + (lines - 1))).containsExactly("m" + lines);
    }

    /** Flips, cuts or removes something of one file. */
    private void damage(Random random) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.list(spoken.indexFolder())) {
            files = all.filter(each -> !each.endsWith("write.lock")).sorted().toList();
        }
        Path file = files.get(random.nextInt(files.size()));
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            long length = open.length();
            switch (random.nextInt(3)) {
                case 0 -> open.setLength(random.nextLong(length));
                case 1 -> {
                    long at = random.nextLong(length);
                    open.seek(at);
                    int was = open.read();
                    open.seek(at);
                    open.write(was ^ (1 << random.nextInt(8)));
                }
                default -> Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        Files.createDirectories(to);
        try (Stream<Path> old = Files.list(to)) {
            for (Path each : old.filter(Files::isRegularFile).toList()) {
                Files.delete(each);
            }
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Files.copy(each, to.resolve(each.getFileName()));
            }
        }
    }
}
