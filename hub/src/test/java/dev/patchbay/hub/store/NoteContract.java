package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.key;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Small things that are remembered. */
abstract class NoteContract extends SessionContract {
    @Test
    void aNoteIsKeptOverARestartUntilALaterOneTakesItsPlace() throws Exception {
        // Given
        store.keep(new StoredNote("channel/telegram/default", "offset", "41"));
        store.keep(new StoredNote("channel/telegram/default", "offset", "42"));
        store.keep(new StoredNote("channel/telegram/other", "offset", "7"));

        // When
        reopen();

        // Then
        assertThat(store.note("channel/telegram/default", "offset")).contains("42");
        assertThat(store.note("channel/telegram/default", "limit")).isEmpty();
        assertThat(store.notes("channel/telegram/other"))
                .containsExactly(new StoredNote("channel/telegram/other", "offset", "7"));
    }

    @Test
    void anEmptyNoteIsForgotten() throws Exception {
        store.keep(new StoredNote("s", "a", "1"));
        store.keep(new StoredNote("s", "a", ""));
        store.keep(new StoredNote("s", "never", ""));

        assertThat(store.note("s", "a")).isEmpty();
        assertThat(store.notes("s")).isEmpty();
    }

    @Test
    void aLongNoteComesBackWhole() throws Exception {
        // Given
        String value = "好".repeat(8_000);

        // When
        store.keep(new StoredNote("s", "long", value));
        store.keep(new StoredNote("s", "long", value + "!"));

        // Then
        assertThat(store.note("s", "long")).contains(value + "!");
    }

    @Test
    void aMessageAndItsNoteAreStoredTogetherAndARepeatStillMovesTheNote() throws Exception {
        // When
        store.accept(message("m1", Optional.of(key("update 7", ""))), Optional.of(new StoredNote("s", "offset", "1")));
        store.accept(message("m2", Optional.of(key("update 7", ""))), Optional.of(new StoredNote("s", "offset", "2")));

        // Then
        assertThat(store.pendingInbound(0, 10)).hasSize(1);
        assertThat(store.note("s", "offset")).contains("2");
    }

    @Test
    void aTurnThatCannotEndLeavesNoNote() throws Exception {
        // Given
        TurnEnd end = turn("never accepted", "anna");
        var withNote = new TurnEnd(
                end.messageId(),
                end.session(),
                end.lines(),
                end.deliveries(),
                Optional.of(new StoredNote("s", "draft", "x")),
                false);

        // When, Then
        assertThatThrownBy(() -> store.completeTurn(withNote)).isInstanceOf(StoreException.class);
        assertThat(store.note("s", "draft")).isEmpty();
    }

    @Test
    void aScopeIsBounded() throws Exception {
        // Given
        var writers = new ArrayList<Thread>();
        var places = new Semaphore(256);
        for (int i = 0; i < NoteTable.NAMES_MAX; i++) {
            String name = "n" + i;
            // As many as fit into one transaction: on a busy machine more would wait longer than a writer may.
            places.acquire();
            writers.add(Thread.ofVirtual().start(() -> {
                try {
                    store.keep(new StoredNote("s", name, "x"));
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                } finally {
                    places.release();
                }
            }));
        }
        for (Thread each : writers) {
            each.join();
        }

        // When, Then
        assertThatThrownBy(() -> store.keep(new StoredNote("s", "one more", "x")))
                .isInstanceOfSatisfying(
                        StoreException.class, full -> assertThat(full.kind()).isEqualTo(StoreException.Kind.CONFLICT));
        store.keep(new StoredNote("s", "n1", "changed"));
        store.keep(new StoredNote("another", "n1", "free"));
        assertThat(store.notes("another")).isEqualTo(List.of(new StoredNote("another", "n1", "free")));
    }
}
