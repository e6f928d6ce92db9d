package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.ANNA;
import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.bytes;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.identity;
import static dev.patchbay.hub.store.Samples.key;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Accepting and ending turns. */
abstract class InboxContract extends StoreFixture {
    @Test
    void anAcceptedMessageIsPendingWithItsBodyAlsoAfterAReopening() throws Exception {
        // Given
        Accepted accepted = store.accept(message("m1"));

        // When
        reopen();

        // Then
        assertThat(accepted).isEqualTo(new Accepted("m1", false, true));
        List<InboundRef> pending = store.pendingInbound(0, 10);
        assertThat(pending).extracting(InboundRef::messageId).containsExactly("m1");
        assertThat(pending).extracting(InboundRef::sessionKey).containsExactly(session("anna"));
        StoredInbound stored = store.inbound("m1").orElseThrow();
        assertThat(stored.body()).isEqualTo(bytes("body of m1"));
        assertThat(stored.agentId()).isEqualTo("main");
        assertThat(stored.channel()).isEqualTo("webhook");
        assertThat(stored.acceptedAt()).isEqualTo(NOON);
    }

    @Test
    void aBodyOfTenMegabytesComesBackAsItWas() throws Exception {
        // Given
        var body = new byte[10_000_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31);
        }

        // When
        store.accept(new NewInbound("m1", session("anna"), "main", "webhook", Optional.empty(), body, NOON));

        // Then
        assertThat(store.inbound("m1").orElseThrow().body()).isEqualTo(body);
    }

    @Test
    void theSameDedupKeyIsStoredOnceAndTellsWhetherTheContentIsTheSame() throws Exception {
        // Given
        store.accept(message("m1", Optional.of(key("k", "print"))));

        // When
        Accepted same = store.accept(message("m2", Optional.of(key("k", "print"))));
        Accepted other = store.accept(message("m3", Optional.of(key("k", "other"))));

        // Then
        assertThat(same).isEqualTo(new Accepted("m1", true, true));
        assertThat(other).isEqualTo(new Accepted("m1", true, false));
        assertThat(store.pendingInbound(0, 10)).hasSize(1);
    }

    @Test
    void aDedupKeyOutlivesItsTurnAndAReopening() throws Exception {
        // Given
        store.accept(message("m1", Optional.of(key("k", ""))));
        store.completeTurn(turn("m1", "anna"));

        // When
        reopen();

        // Then
        assertThat(store.accept(message("m2", Optional.of(key("k", ""))))).isEqualTo(new Accepted("m1", true, true));
    }

    @Test
    void ofManyAcceptsWithOneKeyAtTheSameTimeExactlyOneIsStored() throws Exception {
        // When
        List<Accepted> answers = together(50, i -> () -> store.accept(message("m" + i, Optional.of(key("k", "")))));

        // Then
        assertThat(answers).filteredOn(answer -> !answer.duplicate()).hasSize(1);
        assertThat(answers)
                .extracting(Accepted::messageId)
                .containsOnly(answers.stream()
                        .filter(answer -> !answer.duplicate())
                        .findAny()
                        .orElseThrow()
                        .messageId());
        assertThat(store.pendingInbound(0, 100)).hasSize(1);
    }

    @Test
    void aMessageAndADeliveryMayHaveTheSameDedupKey() throws Exception {
        // When
        Accepted accepted = store.accept(message("m1", Optional.of(key("k", ""))));
        Enqueued enqueued = store.enqueue(delivery("d1"), Optional.of(key("k", "")));

        // Then
        assertThat(accepted.duplicate()).isFalse();
        assertThat(enqueued.duplicate()).isFalse();
    }

    @Test
    void anIdThatExistsIsAConflictAndFailsNobodyElse() throws Exception {
        // Given
        store.accept(message("m0"));

        // When
        List<Object> answers = together(40, i -> () -> {
            try {
                return store.accept(message(i % 4 == 0 ? "m0" : "m" + i));
            } catch (StoreException refused) {
                return refused.kind();
            }
        });

        // Then
        assertThat(answers).filteredOn(Kind.CONFLICT::equals).hasSize(10);
        assertThat(store.pendingInbound(0, 100)).hasSize(31);
    }

    @Test
    void pendingMessagesComeInOrderOfAcceptancePieceByPiece() throws Exception {
        // Given
        for (int i = 0; i < 25; i++) {
            store.accept(message("m" + i));
        }

        // When
        var ids = new ArrayList<String>();
        for (var page = store.pendingInbound(0, 10);
                !page.isEmpty();
                page = store.pendingInbound(page.getLast().seq(), 10)) {
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            page.forEach(ref -> ids.add(ref.messageId()));
        }

        // Then
        assertThat(ids).hasSize(25).startsWith("m0", "m1", "m2").endsWith("m23", "m24");
    }

    @Test
    void aMessageSetAsideIsNotPendingAndCounted() throws Exception {
        // Given
        store.accept(message("m1"));

        // When
        store.setAside("m1", "no JSON", NOON);
        store.setAside("m1", "again", NOON);
        store.setAside("never seen", "no JSON", NOON);

        // Then
        assertThat(store.inbound("m1")).isEmpty();
        assertThat(store.pendingInbound(0, 10)).isEmpty();
        assertThat(store.status().damaged()).isEqualTo(1);
    }

    @Test
    void theEndOfATurnMovesTheMessageFromTheInboxToTheTranscriptAndQueuesItsAnswers() throws Exception {
        // Given
        store.accept(message("m1"));
        var answer = new NewDelivery("d1", ANNA, "m1", session("anna"), bytes("hi"), 1, NOON, NOON.plusSeconds(60));
        TurnEnd turn = turn("m1", "anna");

        // When
        TurnCommit commit =
                store.completeTurn(new TurnEnd("m1", turn.session(), turn.lines(), List.of(answer, delivery("d2"))));

        // Then
        assertThat(store.inbound("m1")).isEmpty();
        assertThat(commit.lineSeqs()).hasSize(2).isSorted();
        assertThat(commit.deliverySeqs()).hasSize(2).isSorted();
        StoredLine line = store.line("m1").orElseThrow();
        assertThat(line)
                .isEqualTo(new StoredLine(
                        commit.lineSeqs().getFirst(),
                        "m1",
                        session("anna"),
                        "user",
                        "question m1",
                        NOON,
                        Map.of("channel", "webhook")));
        assertThat(store.line("m1-a").orElseThrow().seq())
                .isEqualTo(commit.lineSeqs().getLast());
        assertThat(store.deliveriesOf("m1"))
                .extracting(each -> each.ref().deliveryId())
                .containsExactly("d1");
        assertThat(store.openDeliveries(0, 10))
                .extracting(DeliveryRef::seq)
                .containsExactlyElementsOf(commit.deliverySeqs());
    }

    @Test
    void aTurnWhoseMessageIsGoneWritesNothing() throws Exception {
        // Given
        store.accept(message("m1"));
        store.completeTurn(turn("m1", "anna"));
        TurnEnd again = new TurnEnd(
                "m1",
                identity("bert"),
                List.of(new NewLine("other", "user", "x", NOON, Map.of())),
                List.of(delivery("d1")));

        // When
        ThrowingCallable act = () -> store.completeTurn(again);

        // Then
        assertThatThrownBy(act).satisfies(isA(Kind.CONFLICT));
        assertThat(store.line("other")).isEmpty();
        assertThat(store.delivery("d1")).isEmpty();
        assertThat(store.session(session("bert"))).isEmpty();
    }

    @Test
    void aTurnThatFailsHalfwayLeavesTheMessageInTheInboxAndNothingElse() throws Exception {
        // Given
        store.accept(message("m1"));
        store.enqueue(delivery("d1"), Optional.empty());
        TurnEnd turn = turn("m1", "anna");

        // When
        ThrowingCallable act =
                () -> store.completeTurn(new TurnEnd("m1", turn.session(), turn.lines(), List.of(delivery("d1"))));

        // Then
        assertThatThrownBy(act).satisfies(isA(Kind.CONFLICT));
        assertThat(store.inbound("m1")).isPresent();
        assertThat(store.line("m1")).isEmpty();
        assertThat(store.session(session("anna"))).isEmpty();
        assertThat(counts()).containsExactly(new DeliveryCount("webhook", "default", DeliveryState.PENDING, 1));
    }

    @Test
    void aTurnThatAnswersSeveralMessagesEndsAllOfThemOrNone() throws Exception {
        // Given
        store.accept(message("m1"));
        store.accept(message("m2"));
        TurnEnd turn = turn("m2", "anna");
        TurnEnd withOneThatIsGone = ending(turn, "m1", "m0");

        // When
        ThrowingCallable act = () -> store.completeTurn(withOneThatIsGone);

        // Then
        assertThatThrownBy(act).satisfies(isA(Kind.CONFLICT));
        assertThat(store.pendingInbound(0, 10)).hasSize(2);
        assertThat(store.line("m2")).isEmpty();

        // When
        store.completeTurn(ending(turn, "m1"));

        // Then
        assertThat(store.pendingInbound(0, 10)).isEmpty();
        assertThat(store.line("m2")).isPresent();
    }

    private static TurnEnd ending(TurnEnd turn, String... together) {
        return new TurnEnd(
                turn.messageId(),
                turn.session(),
                turn.lines(),
                turn.deliveries(),
                turn.note(),
                turn.archives(),
                List.of(together),
                turn.use());
    }

    @Test
    void aSilentTurnNeedsNoLines() throws Exception {
        // Given
        store.accept(message("m1"));

        // When
        TurnCommit commit = store.completeTurn(new TurnEnd("m1", identity("anna"), List.of(), List.of()));

        // Then
        assertThat(commit).isEqualTo(new TurnCommit(List.of(), List.of()));
        assertThat(store.session(session("anna")).orElseThrow().messageCount()).isZero();
    }
}
