package dev.patchbay.hub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file of H2 is only touched where nobody can have meant it otherwise. */
@Timeout(60)
class H2FileTest {
    private final Path file;
    private final MVStore store;
    private final Confirmed first;
    private final Confirmed second;

    H2FileTest(@TempDir Path folder) {
        file = folder.resolve("hub.mv.db");
        store = new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .open();
        store.setVersionsToKeep(100);
        first = commit("one");
        second = commit("two");
    }

    @Test
    void whatIsNewerThanWasConfirmedGoesFromAFileThatWasNotClosed() throws Exception {
        // Given
        store.closeImmediately();

        // When
        boolean rewound = H2File.rewind(file, first);

        // Then
        assertThat(rewound).isTrue();
        assertThat(content()).isEqualTo("one");
    }

    @Test
    void aFileThatWasNotClosedButIsJustAsConfirmedKeepsEverything() throws Exception {
        store.closeImmediately();
        assertThat(H2File.rewind(file, second)).isFalse();
        assertThat(content()).isEqualTo("two");
    }

    @Test
    void aFileThatWasClosedInOrderKeepsEverything() throws Exception {
        store.close();
        assertThat(H2File.rewind(file, first)).isFalse();
        assertThat(content()).isEqualTo("two");
    }

    @Test
    void aFileMadeAtAnotherTimeIsLeftAlone() throws Exception {
        store.closeImmediately();
        assertThat(H2File.rewind(file, new Confirmed(first.created() + 1, first.version())))
                .isFalse();
        assertThat(content()).isEqualTo("two");
    }

    @Test
    void aFileThatDoesNotHoldTheConfirmedVersionIsLeftAlone() throws Exception {
        store.closeImmediately();
        assertThat(H2File.rewind(file, new Confirmed(first.created(), 0))).isFalse();
        assertThat(content()).isEqualTo("two");
    }

    @Test
    void aFileThatSomebodyHasOpenIsLeftAlone() throws Exception {
        assertThat(H2File.rewind(file, first)).isFalse();
        store.close();
        assertThat(content()).isEqualTo("two");
    }

    @Test
    void theNewestStateIsFoundWhetherTheFileWasClosedOrNot() throws Exception {
        store.closeImmediately();
        assertThat(H2File.newest(file, first)).contains(second);
        assertThat(content()).isEqualTo("two");
        assertThat(H2File.newest(file, first))
                .hasValueSatisfying(found -> assertThat(found.version()).isGreaterThanOrEqualTo(second.version()));
    }

    @Test
    void noNewestStateIsFoundInAnotherFileInAnOlderOneOrInOneThatSomebodyHasOpen() throws Exception {
        assertThat(H2File.newest(file, first)).isEmpty();
        store.closeImmediately();
        assertThat(H2File.newest(file, new Confirmed(first.created() + 1, first.version())))
                .isEmpty();
        assertThat(H2File.newest(file, new Confirmed(first.created(), second.version() + 1)))
                .isEmpty();
    }

    @Test
    void aFileTellsWhetherItIsAnotherOne() throws Exception {
        store.closeImmediately();
        assertThat(H2File.isAnother(file, first)).isFalse();
        assertThat(H2File.isAnother(file, Confirmed.UNKNOWN)).isTrue();
    }

    private Confirmed commit(String value) {
        store.openMap("map").put("key", value);
        store.commit();
        return new Confirmed(
                store.getFileStore().getCreationTime(), store.getFileStore().lastChunkVersion());
    }

    private @Nullable Object content() {
        try (MVStore again = MVStore.open(file.toString())) {
            return again.openMap("map").get("key");
        }
    }
}
