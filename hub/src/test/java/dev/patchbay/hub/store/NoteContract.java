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
    void whatNotesCountGrowsByTurnsAndWithoutThem() throws Exception {
        // Given
        store.accept(message("m1"));
        TurnEnd turn = turn("m1", "anna");
        var two = new Increase("usage/main/2026-03", "2026-03-01 USD", List.of(2L, 5L));
        var three = new Increase("usage/main/2026-03", "2026-03-01 USD", List.of(3L, 0L));

        // When
        store.completeTurn(new TurnEnd(
                "m1",
                turn.session(),
                turn.lines(),
                turn.deliveries(),
                Optional.empty(),
                false,
                List.of(),
                new TurnUse(List.of(two, three), SessionUse.NONE)));
        store.increase(List.of(two));
        reopen();

        // Then
        assertThat(store.note("usage/main/2026-03", "2026-03-01 USD")).contains("7 10");
    }

    @Test
    void aTurnThatCannotEndCountsNothing() throws Exception {
        // Given
        TurnEnd turn = turn("never", "anna");
        var count = new Increase("s", "n", List.of(1L));

        // When
        assertThatThrownBy(() -> store.completeTurn(new TurnEnd(
                        "never",
                        turn.session(),
                        turn.lines(),
                        List.of(),
                        Optional.empty(),
                        false,
                        List.of(),
                        new TurnUse(List.of(count), SessionUse.NONE))))
                .isInstanceOf(StoreException.class);

        // Then
        assertThat(store.notes("s")).isEmpty();
    }

    @Test
    void aSumEndsAtTheLargestAndWhatIsNoSumBeginsAtNought() throws Exception {
        // Given
        store.keep(new StoredNote("s", "n", "many 9999999999999999999999 3"));

        // When
        store.increase(List.of(new Increase("s", "n", List.of(1L, 2L, Increase.MOST, 4L))));

        // Then
        assertThat(store.note("s", "n")).contains("1 2 " + Increase.MOST + " 4");
    }

    @Test
    void anEventAndItsNoteAreStoredTogether() throws Exception {
        // When
        store.appendEvent(
                "budget.warning",
                java.util.Map.of("agent_id", "main"),
                Samples.NOON,
                Optional.of(new StoredNote("s", "told", "1")));
        reopen();

        // Then
        assertThat(store.note("s", "told")).contains("1");
        assertThat(store.happenings(0, 10)).hasSize(1);
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
