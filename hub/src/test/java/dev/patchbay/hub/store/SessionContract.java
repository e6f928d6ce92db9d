package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.identity;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions and transcripts. */
abstract class SessionContract extends DeliveryContract {
    @Test
    void aSessionIsMadeByItsFirstTurnAndFollowsTheLatest() throws Exception {
        // Given
        store.accept(message("m1"));
        store.accept(message("m2"));
        store.completeTurn(turn("m1", "anna"));
        var moved = new SessionIdentity(session("anna"), "main", "cli", "local", "direct", "anna");

        // When
        store.completeTurn(new TurnEnd(
                "m2", moved, List.of(new NewLine("m2", "user", "later", NOON.plusSeconds(60), Map.of())), List.of()));

        // Then
        assertThat(store.session(session("anna")))
                .contains(new StoredSession(moved, NOON.plusSeconds(1), NOON.plusSeconds(60), 3));
        assertThat(store.session(session("bert"))).isEmpty();
    }

    @Test
    void sessionsAreListedMostRecentlyUsedFirst() throws Exception {
        // Given
        for (int i = 0; i < 5; i++) {
            converse("m" + i, "peer" + i);
        }
        converse("again", "peer1");

        // When
        Page<StoredSession> first = store.sessions(SessionFilter.ALL, 3, Optional.empty());
        reopen();
        Page<StoredSession> second = store.sessions(SessionFilter.ALL, 3, first.next());

        // Then
        assertThat(peers(first)).containsExactly("peer1", "peer4", "peer3");
        assertThat(peers(second)).containsExactly("peer2", "peer0");
        assertThat(second.next()).isEmpty();
        assertThat(peers(store.sessions(
                        new SessionFilter(Optional.of("nobody"), Optional.empty()), 10, Optional.empty())))
                .isEmpty();
        assertThat(peers(store.sessions(
                        new SessionFilter(Optional.of("main"), Optional.of("webhook")), 10, Optional.empty())))
                .hasSize(5);
    }

    @Test
    void historyIsThePageOfTheLatestLinesOldestFirst() throws Exception {
        // Given
        for (int i = 0; i < 4; i++) {
            converse("m" + i, "anna");
        }
        converse("other", "bert");

        // When
        Page<StoredLine> latest = store.history(session("anna"), 3, Optional.empty());
        Page<StoredLine> before = store.history(session("anna"), 3, latest.next());
        Page<StoredLine> first = store.history(session("anna"), 3, before.next());

        // Then
        assertThat(latest.items()).extracting(StoredLine::lineId).containsExactly("m2-a", "m3", "m3-a");
        assertThat(before.items()).extracting(StoredLine::lineId).containsExactly("m1", "m1-a", "m2");
        assertThat(first.items()).extracting(StoredLine::lineId).containsExactly("m0", "m0-a");
        assertThat(first.next()).isEmpty();
        assertThat(store.history("agent:main:unknown", 3, Optional.empty()).items())
                .isEmpty();
    }

    @Test
    void aPageOfLargeLinesIsShorterThanAskedFor() throws Exception {
        // Given
        String large = "x".repeat(6_000_000);
        for (int i = 0; i < 4; i++) {
            store.accept(message("m" + i));
            store.completeTurn(new TurnEnd(
                    "m" + i,
                    identity("anna"),
                    List.of(new NewLine("m" + i, "user", large, NOON, Map.of())),
                    List.of()));
        }

        // When
        Page<StoredLine> latest = store.history(session("anna"), 100, Optional.empty());
        Page<StoredLine> before = store.history(session("anna"), 100, latest.next());

        // Then
        assertThat(latest.items()).extracting(StoredLine::lineId).containsExactly("m2", "m3");
        assertThat(before.items()).extracting(StoredLine::lineId).containsExactly("m0", "m1");
        assertThat(before.items().getFirst().content()).isEqualTo(large);
    }

    @Test
    void clearingKeepsTheSessionAndForgetsItsLines() throws Exception {
        // Given
        converse("m1", "anna");
        converse("m2", "bert");

        // When
        Optional<Integer> cleared = store.clearSession(session("anna"), NOON.plusSeconds(99));

        // Then
        assertThat(cleared).contains(2);
        assertThat(store.clearSession(session("nobody"), NOON)).isEmpty();
        assertThat(store.history(session("anna"), 10, Optional.empty()).items()).isEmpty();
        assertThat(store.line("m1")).isEmpty();
        assertThat(store.session(session("anna")).orElseThrow().messageCount()).isZero();
        assertThat(store.history(session("bert"), 10, Optional.empty()).items()).hasSize(2);

        // When
        converse("m3", "anna");

        // Then
        assertThat(store.history(session("anna"), 10, Optional.empty()).items()).hasSize(2);
    }

    @Test
    void deletingRemovesTheSessionButNotWhatWaits() throws Exception {
        // Given
        converse("m1", "anna");
        store.accept(message("m2"));

        // When
        boolean deleted = store.deleteSession(session("anna"));

        // Then
        assertThat(deleted).isTrue();
        assertThat(store.deleteSession(session("anna"))).isFalse();
        assertThat(store.session(session("anna"))).isEmpty();
        assertThat(store.line("m1")).isEmpty();
        assertThat(store.inbound("m2")).isPresent();

        // When
        store.completeTurn(turn("m2", "anna"));

        // Then
        assertThat(store.history(session("anna"), 10, Optional.empty()).items()).hasSize(2);
    }
}
