package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.failpoint.FailPoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a mark says after a power cut; the whole store is cut in PowerCutTest. */
@Timeout(60)
class HighWaterMarkTest {
    private static final UUID STORE = new UUID(3, 4);
    private static final Confirmed FIRST = new Confirmed(1, 20);
    private static final Confirmed SECOND = new Confirmed(1, 22);
    private static final Confirmed THIRD = new Confirmed(1, 25);

    @TempDir
    Path folder;

    private HighWaterMark mark;

    @BeforeEach
    void open() {
        mark = new HighWaterMark(folder, FailPoints.NONE);
    }

    @Test
    void noMarkKnowsNothing() throws Exception {
        assertThat(mark.confirmed()).isEmpty();
        assertThat(mark.atLeast()).isEmpty();
    }

    @Test
    void aWholeMarkNamesItsLatestState() throws Exception {
        writeTwo();
        assertThat(mark.confirmed()).contains(SECOND);
        assertThat(mark.atLeast()).isEmpty();
    }

    @Test
    void withATornSlotTheOtherNamesTheLeastThatIsSure() throws Exception {
        // Given
        writeTwo();

        // When: this was the later one, but nobody can see that any more
        tear(6);

        // Then
        assertThat(mark.confirmed()).isEmpty();
        assertThat(mark.atLeast()).contains(FIRST);
    }

    @Test
    void aSlotOfWhichOnlyTheStateIsTornIsTornTooButItsCommitCounts() throws Exception {
        // Given
        writeTwo();

        // When
        tear(6, 40);
        assertThat(mark.atLeast()).contains(FIRST);
        mark.mend(THIRD);

        // Then
        assertThat(mark.confirmed()).contains(THIRD);
        assertThat(HighWaterMark.number(folder)).hasValue(6);
    }

    @Test
    void twoTornSlotsKnowNothing() throws Exception {
        // Given
        writeTwo();

        // When
        tear(5);
        tear(6);

        // Then
        assertThat(mark.confirmed()).isEmpty();
        assertThat(mark.atLeast()).isEmpty();
    }

    @Test
    void aMendedMarkNamesTheNewStateWhicheverSlotWasTorn() throws Exception {
        for (long torn : new long[] {5, 6}) {
            // Given
            writeTwo();
            tear(torn);

            // When
            mark.mend(THIRD);

            // Then
            assertThat(mark.confirmed()).contains(THIRD);
            assertThat(mark.atLeast()).isEmpty();
            assertThat(HighWaterMark.number(folder)).hasValue(torn == 5 ? 6 : 5);
        }
    }

    @Test
    void ofOneCommitTheLaterStateCounts() throws Exception {
        for (long commit : new long[] {5, 6}) {
            // Given
            Files.deleteIfExists(folder.resolve(HighWaterMark.NAME));
            mark.check(STORE, commit, FIRST);

            // When
            mark.write(STORE, commit, SECOND);
            mark.close();

            // Then
            assertThat(mark.confirmed()).contains(SECOND);
        }
    }

    /** Its slots end before the state; one that had been written and one that had not would look like a torn mark. */
    @Test
    void aMarkOfAnEarlierHubIsComparedAndThenMadeAnew() throws Exception {
        // Given
        writeTwo();
        write(5, 36, new byte[20]);
        write(6, 36, new byte[20]);

        // Then
        assertThat(mark.confirmed()).isEmpty();
        assertThat(mark.atLeast()).isEmpty();
        assertThatThrownBy(() -> mark.check(STORE, 5, THIRD)).hasMessageContaining("by 1 commits");

        // When
        mark.check(STORE, 6, THIRD);
        mark.close();

        // Then
        assertThat(mark.confirmed()).contains(THIRD);
        assertThat(mark.atLeast()).isEmpty();
    }

    private void writeTwo() throws IOException {
        Files.deleteIfExists(folder.resolve(HighWaterMark.NAME));
        mark.check(STORE, 5, FIRST);
        mark.write(STORE, 6, SECOND);
        mark.close();
    }

    private void tear(long commitNumber) throws IOException {
        tear(commitNumber, 20);
    }

    private void tear(long commitNumber, int at) throws IOException {
        write(commitNumber, at, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    }

    private void write(long commitNumber, int at, byte[] bytes) throws IOException {
        try (var file = new RandomAccessFile(folder.resolve(HighWaterMark.NAME).toFile(), "rw")) {
            file.seek((commitNumber & 1) * 4_096L + at);
            file.write(bytes);
        }
    }
}
