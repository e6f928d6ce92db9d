package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.identity;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions and transcripts. */
abstract class SessionContract extends DeliveryContract {
    private static final SessionFilter ARCHIVED = new SessionFilter(Optional.empty(), Optional.empty(), true);
    private static final Duration DAY = Duration.ofDays(1);

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
    void aSessionSumsUpWhatItsTurnsHaveUsedUntilItsTranscriptIsPutAway() throws Exception {
        // Given
        store.accept(message("m1"));
        store.accept(message("m2"));
        store.accept(message("m3"));
        store.accept(message("m4"));

        // When
        store.completeTurn(using("m1", new SessionUse(10, 1, 500, "USD"), false));
        store.completeTurn(using("m2", new SessionUse(20, 2, 0, ""), false));
        store.clearSession(session("anna"), NOON);
        store.completeTurn(using("m3", new SessionUse(5, 5, 250, "USD"), true));
        store.completeTurn(using("m4", new SessionUse(1, 1, Increase.MOST, "EUR"), false));
        reopen();

        // Then
        assertThat(uses(SessionFilter.ALL)).containsExactly(new SessionUse(1, 1, Increase.MOST, "EUR"));
        assertThat(uses(new SessionFilter(Optional.empty(), Optional.empty(), true, Optional.empty())))
                .containsExactly(new SessionUse(35, 8, 750, "USD"));
    }

    @Test
    void costsInDifferentMoneyAreNoSumAndNoneGoesBeyondTheLargest() throws Exception {
        // Given
        store.accept(message("m1"));
        store.accept(message("m2"));

        // When
        store.completeTurn(using("m1", new SessionUse(Increase.MOST, 1, 500, "USD"), false));
        store.completeTurn(using("m2", new SessionUse(Increase.MOST, 2, 500, "EUR"), false));

        // Then
        SessionUse sum = uses(SessionFilter.ALL).getFirst();
        assertThat(sum.hasCost()).isFalse();
        assertThat(sum.input()).isEqualTo(Increase.MOST);
        assertThat(sum.output()).isEqualTo(3);
    }

    private static TurnEnd using(String messageId, SessionUse use, boolean archives) {
        TurnEnd turn = turn(messageId, "anna");
        return new TurnEnd(
                messageId,
                turn.session(),
                turn.lines(),
                turn.deliveries(),
                Optional.empty(),
                archives,
                List.of(),
                new TurnUse(List.of(), use));
    }

    private List<SessionUse> uses(SessionFilter filter) throws InterruptedException {
        return store.sessions(filter, 10, Optional.empty()).items().stream()
                .map(StoredSession::use)
                .toList();
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
    void aTranscriptThatIsPutAwayLeavesAnEmptyOneUnderTheSameKey() throws Exception {
        // Given
        converse("m1", "anna");
        putAway("m2", "anna");

        // When
        reopen();
        converse("m3", "anna");

        // Then
        assertThat(store.history(session("anna"), 10, Optional.empty()).items())
                .extracting(StoredLine::lineId)
                .containsExactly("m3", "m3-a");
        assertThat(store.session(session("anna")).orElseThrow().messageCount()).isEqualTo(2);
        assertThat(store.sessions(SessionFilter.ALL, 10, Optional.empty()).items())
                .singleElement()
                .satisfies(live -> assertThat(live.archiveId()).isEmpty());
        StoredSession archive =
                store.sessions(ARCHIVED, 10, Optional.empty()).items().getFirst();
        assertThat(archive.identity()).isEqualTo(identity("anna"));
        assertThat(archive.messageCount()).isEqualTo(4);
        String id = archive.archiveId().orElseThrow();
        assertThat(store.archive(session("anna"), id, 10, Optional.empty()).items())
                .extracting(StoredLine::lineId)
                .containsExactly("m1", "m1-a", "m2", "m2-a");
        assertThat(store.archive(session("bert"), id, 10, Optional.empty()).items())
                .isEmpty();
        assertThat(store.archive(session("anna"), "0", 10, Optional.empty()).items())
                .isEmpty();
    }

    @Test
    void whatWasPutAwayIsStillFoundByItsIdAndCaughtUpOn() throws Exception {
        // Given
        putAway("m1", "anna");

        // When
        Optional<StoredLine> line = store.line("m1-a");

        // Then
        assertThat(line).map(StoredLine::sessionKey).contains(session("anna"));
        assertThat(store.happenings(0, 10)).hasSize(2);
    }

    @Test
    void archivesAreListedLatestFirstPageByPage() throws Exception {
        // Given
        for (int i = 0; i < 3; i++) {
            putAway("m" + i, "peer" + i);
        }
        putAway("again", "peer0");

        // When
        Page<StoredSession> first = store.sessions(ARCHIVED, 3, Optional.empty());
        Page<StoredSession> second = store.sessions(ARCHIVED, 3, first.next());

        // Then
        assertThat(peers(first)).containsExactly("peer0", "peer2", "peer1");
        assertThat(peers(second)).containsExactly("peer0");
        assertThat(second.next()).isEmpty();
        assertThat(peers(store.sessions(SessionFilter.ALL, 10, Optional.empty())))
                .containsExactly("peer0", "peer2", "peer1");
    }

    @Test
    void clearingLeavesArchivesAndDeletingTakesThemAlong() throws Exception {
        // Given
        putAway("m1", "anna");
        converse("m2", "anna");

        // When
        Optional<Integer> cleared = store.clearSession(session("anna"), NOON);

        // Then
        assertThat(cleared).contains(2);
        assertThat(store.line("m1")).isPresent();

        // When
        store.deleteSession(session("anna"));

        // Then
        assertThat(store.line("m1")).isEmpty();
        assertThat(store.sessions(ARCHIVED, 10, Optional.empty()).items()).isEmpty();
        assertThat(pruneAll(new Retention(DAY, DAY, DAY), NOON)).isGreaterThan(1);
    }

    private void putAway(String messageId, String peer) throws InterruptedException {
        store.accept(message(messageId));
        TurnEnd turn = turn(messageId, peer);
        store.completeTurn(
                new TurnEnd(messageId, turn.session(), turn.lines(), turn.deliveries(), Optional.empty(), true));
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
