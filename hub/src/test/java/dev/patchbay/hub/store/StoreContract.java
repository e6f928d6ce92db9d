package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.ANNA;
import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.bytes;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.end;
import static dev.patchbay.hub.store.Samples.identity;
import static dev.patchbay.hub.store.Samples.key;
import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.session;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.StoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store promises. Extend it, say how yours is opened, and inherit the promises. */
@Timeout(60)
abstract class StoreContract {
    protected Store store;

    /** Opens the store of this test; called again after a close, it finds what was stored before. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    // ---- accept

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

    // ---- turn

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
    void aSilentTurnNeedsNoLines() throws Exception {
        // Given
        store.accept(message("m1"));

        // When
        TurnCommit commit = store.completeTurn(new TurnEnd("m1", identity("anna"), List.of(), List.of()));

        // Then
        assertThat(commit).isEqualTo(new TurnCommit(List.of(), List.of()));
        assertThat(store.session(session("anna")).orElseThrow().messageCount()).isZero();
    }

    // ---- deliver

    @Test
    void aQueuedDeliveryIsOpenAndComesBackWhole() throws Exception {
        // Given
        var lane = new LaneKey("discord", "bot", "group", "200", "thread \"7\"");
        Enqueued enqueued = store.enqueue(delivery("d1", lane, "hello"), Optional.empty());

        // When
        reopen();

        // Then
        StoredDelivery stored = store.delivery("d1").orElseThrow();
        assertThat(stored.ref())
                .isEqualTo(new DeliveryRef(
                        enqueued.seq(),
                        "d1",
                        lane,
                        DeliveryState.PENDING,
                        0,
                        1,
                        0,
                        NOON,
                        NOON,
                        NOON.plus(Duration.ofDays(7)),
                        false));
        assertThat(stored.body()).isEqualTo(bytes("hello"));
        assertThat(stored.remoteIds()).isEmpty();
        assertThat(stored.lastError()).isNull();
        assertThat(stored.deliveredAt()).isNull();
        assertThat(store.openDeliveries(0, 10)).containsExactly(stored.ref());
        assertThat(store.openDeliveries(enqueued.seq(), 10)).isEmpty();
    }

    @Test
    void aRepeatedEnqueueTellsOfTheFirst() throws Exception {
        // Given
        Enqueued first = store.enqueue(delivery("d1"), Optional.of(key("k", "a")));

        // When
        Enqueued same = store.enqueue(delivery("d2"), Optional.of(key("k", "a")));
        Enqueued other = store.enqueue(delivery("d3"), Optional.of(key("k", "b")));

        // Then
        assertThat(same).isEqualTo(new Enqueued(first.seq(), "d1", NOON, true, true));
        assertThat(other).isEqualTo(new Enqueued(first.seq(), "d1", NOON, true, false));
        assertThat(store.openDeliveries(0, 10)).hasSize(1);
    }

    @Test
    void anAttemptIsWrittenDownBeforeAndAfter() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());

        // When
        store.attemptStarted("d1", 1, NOON.plusSeconds(1));
        StoredDelivery during = store.delivery("d1").orElseThrow();
        store.attemptEnded(end("d1", DeliveryState.DELIVERED, 1, "delivered"));

        // Then
        assertThat(during.ref().state()).isEqualTo(DeliveryState.SENDING);
        assertThat(during.ref().attempts()).isEqualTo(1);
        assertThat(during.attemptStartedAt()).isEqualTo(NOON.plusSeconds(1));
        StoredDelivery after = store.delivery("d1").orElseThrow();
        assertThat(after.ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(after.ref().partsDone()).isEqualTo(1);
        assertThat(after.deliveredAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(after.remoteIds()).containsExactly("remote-d1");
        assertThat(store.openDeliveries(0, 10)).isEmpty();
        assertThat(store.attempts("d1")).isEmpty();
    }

    @Test
    void oneThatWasBeingSentIsStillOpenAfterAReopening() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        store.attemptStarted("d1", 1, NOON);

        // When
        reopen();

        // Then
        assertThat(store.openDeliveries(0, 10)).extracting(DeliveryRef::state).containsExactly(DeliveryState.SENDING);
    }

    @Test
    void failedAttemptsAreKeptOldestFirstAndTheLastErrorIsShown() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        AttemptEnd first = end("d1", DeliveryState.PENDING, 1, "retry_later");
        AttemptEnd second = end("d1", DeliveryState.DEAD, 2, "refused");

        // When
        store.attemptStarted("d1", 1, NOON);
        store.attemptEnded(first);
        store.attemptStarted("d1", 2, NOON);
        store.attemptEnded(second);

        // Then
        assertThat(store.attempts("d1")).containsExactly(first, second);
        StoredDelivery dead = store.delivery("d1").orElseThrow();
        assertThat(dead.lastError()).isEqualTo("the server said refused");
        assertThat(dead.ref().attempts()).isEqualTo(2);
        assertThat(dead.deliveredAt()).isNull();
    }

    @Test
    void ofVeryManyFailedAttemptsTheLatestHundredStay() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());

        // When
        for (int i = 1; i <= 130; i++) {
            store.attemptEnded(end("d1", DeliveryState.PENDING, i, "paced"));
        }

        // Then
        assertThat(store.attempts("d1")).hasSize(100);
        assertThat(store.attempts("d1"))
                .first()
                .extracting(AttemptEnd::attempts)
                .isEqualTo(31);
        assertThat(store.attempts("d1")).last().extracting(AttemptEnd::attempts).isEqualTo(130);
    }

    @Test
    void partsCollectTheirRemoteIds() throws Exception {
        // Given
        store.enqueue(
                new NewDelivery("d1", ANNA, null, null, bytes("long"), 2, NOON, NOON.plusSeconds(60)),
                Optional.empty());

        // When
        store.attemptEnded(part(1, DeliveryState.SENDING));
        store.attemptEnded(part(2, DeliveryState.DELIVERED));

        // Then
        StoredDelivery stored = store.delivery("d1").orElseThrow();
        assertThat(stored.remoteIds()).containsExactly("r1", "r2");
        assertThat(stored.ref().partsDone()).isEqualTo(2);
        assertThat(stored.ref().possiblyRepeated()).isTrue();
    }

    @Test
    void theEndOfAnAttemptToldTwiceCountsOnce() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        AttemptEnd delivered = end("d1", DeliveryState.DELIVERED, 1, "delivered");
        store.attemptEnded(delivered);

        // When
        store.attemptEnded(delivered);

        // Then
        assertThat(store.delivery("d1").orElseThrow().remoteIds()).containsExactly("remote-d1");
        assertThat(counts()).containsExactly(new DeliveryCount("webhook", "default", DeliveryState.DELIVERED, 1));
    }

    @Test
    void attemptsOfUnknownOrEndedDeliveriesAreConflicts() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        store.attemptEnded(end("d1", DeliveryState.DEAD, 1, "refused"));

        // Then
        assertThatThrownBy(() -> store.attemptStarted("d1", 2, NOON)).satisfies(isA(Kind.CONFLICT));
        assertThatThrownBy(() -> store.attemptEnded(end("d1", DeliveryState.DELIVERED, 1, "delivered")))
                .satisfies(isA(Kind.CONFLICT));
        assertThatThrownBy(() -> store.attemptStarted("unknown", 1, NOON)).satisfies(isA(Kind.CONFLICT));
        assertThatThrownBy(() -> store.attemptEnded(end("unknown", DeliveryState.DEAD, 1, "refused")))
                .satisfies(isA(Kind.CONFLICT));
    }

    @Test
    void redriveMakesDeadOnesPendingAndWaitingOnesDueAndLeavesTheRestAlone() throws Exception {
        // Given
        for (String id : List.of("dead", "waiting", "sending", "delivered")) {
            store.enqueue(delivery(id), Optional.empty());
        }
        store.attemptEnded(end("dead", DeliveryState.DEAD, 5, "refused"));
        store.attemptEnded(end("waiting", DeliveryState.PENDING, 1, "retry_later"));
        store.attemptStarted("sending", 1, NOON);
        store.attemptEnded(end("delivered", DeliveryState.DELIVERED, 1, "delivered"));
        Instant now = NOON.plusSeconds(10);

        // When
        List<DeliveryRef> moved = store.redrive(List.of("dead", "waiting", "sending", "delivered", "unknown"), now);

        // Then
        assertThat(moved).extracting(DeliveryRef::deliveryId).containsExactly("dead", "waiting");
        assertThat(moved).extracting(DeliveryRef::nextAttemptAt).containsOnly(now);
        assertThat(moved).extracting(DeliveryRef::attempts).containsExactly(5, 1);
        assertThat(store.delivery("dead").orElseThrow().ref()).isEqualTo(moved.getFirst());
        assertThat(store.openDeliveries(0, 10))
                .extracting(DeliveryRef::deliveryId)
                .containsExactly("dead", "waiting", "sending");
    }

    @Test
    void oneWhoseTimeHasRunOutGetsItAgainWhenItIsRedriven() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        store.attemptEnded(end("d1", DeliveryState.DEAD, 5, "refused"));
        Instant monthLater = NOON.plus(Duration.ofDays(30));

        // When
        List<DeliveryRef> moved = store.redrive(List.of("d1"), monthLater);

        // Then
        assertThat(moved).extracting(DeliveryRef::expiresAt).containsExactly(monthLater.plus(Duration.ofDays(7)));
    }

    @Test
    void endingMeetsPendingAndDeadOnesOnly() throws Exception {
        // Given
        for (String id : List.of("pending", "dead", "sending")) {
            store.enqueue(delivery(id), Optional.empty());
        }
        store.attemptEnded(end("dead", DeliveryState.DEAD, 5, "refused"));
        store.attemptStarted("sending", 1, NOON);

        // When
        List<DeliveryRef> moved = store.end(
                List.of("pending", "dead", "sending", "unknown"), DeliveryState.DISCARDED, "queue full", NOON);

        // Then
        assertThat(moved).extracting(DeliveryRef::deliveryId).containsExactly("pending", "dead");
        assertThat(moved).extracting(DeliveryRef::state).containsOnly(DeliveryState.DISCARDED);
        assertThat(store.delivery("pending").orElseThrow().lastError()).isEqualTo("queue full");
        assertThat(store.openDeliveries(0, 10))
                .extracting(DeliveryRef::deliveryId)
                .containsExactly("sending");
    }

    @Test
    void deliveriesAreListedNewestFirstInPagesThatSurviveAReopening() throws Exception {
        // Given
        for (int i = 0; i < 25; i++) {
            store.enqueue(delivery("d" + i), Optional.empty());
        }

        // When
        var ids = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<StoredDelivery> page = store.deliveries(DeliveryFilter.ALL, 10, cursor);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(10);
            page.items().forEach(each -> ids.add(each.ref().deliveryId()));
            cursor = page.next();
            reopen();
        } while (cursor.isPresent());

        // Then
        assertThat(ids).hasSize(25).startsWith("d24", "d23").endsWith("d1", "d0");
    }

    @Test
    void deliveriesAreFoundByEachPartOfTheFilter() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        store.enqueue(delivery("d2", new LaneKey("discord", "bot", "group", "200", null), "x"), Optional.empty());
        store.attemptEnded(end("d2", DeliveryState.DEAD, 1, "refused"));
        store.enqueue(delivery("d3", new LaneKey("discord", "bot", "direct", "anna", null), "x"), Optional.empty());
        store.attemptStarted("d3", 1, NOON);
        Optional<String> any = Optional.empty();

        // Then
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.DEAD), any, any, any, any)))
                .containsExactly("d2");
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.PENDING), any, any, any, any)))
                .containsExactly("d1");
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.SENDING, DeliveryState.DEAD), any, any, any, any)))
                .containsExactly("d3", "d2");
        assertThat(found(new DeliveryFilter(Set.of(), Optional.of("discord"), any, any, any)))
                .containsExactly("d3", "d2");
        assertThat(found(new DeliveryFilter(Set.of(), any, Optional.of("default"), any, any)))
                .containsExactly("d1");
        assertThat(found(new DeliveryFilter(Set.of(), any, any, Optional.of("anna"), any)))
                .containsExactly("d3", "d1");
        assertThat(found(new DeliveryFilter(Set.of(), any, any, any, Optional.of("d1"))))
                .containsExactly("d1");
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.DEAD), Optional.of("webhook"), any, any, any)))
                .isEmpty();
    }

    @Test
    void deliveriesAreCountedByAccountAndStateAlsoAfterAReopening() throws Exception {
        // Given
        for (int i = 0; i < 6; i++) {
            store.enqueue(delivery("d" + i), Optional.empty());
        }
        store.enqueue(delivery("e", new LaneKey("discord", "bot", "group", "200", null), "x"), Optional.empty());
        store.attemptStarted("d0", 1, NOON);
        store.attemptEnded(end("d1", DeliveryState.DEAD, 1, "refused"));
        store.attemptEnded(end("d2", DeliveryState.DELIVERED, 1, "delivered"));
        List<DeliveryCount> expected = List.of(
                new DeliveryCount("webhook", "default", DeliveryState.PENDING, 3),
                new DeliveryCount("webhook", "default", DeliveryState.SENDING, 1),
                new DeliveryCount("webhook", "default", DeliveryState.DEAD, 1),
                new DeliveryCount("webhook", "default", DeliveryState.DELIVERED, 1),
                new DeliveryCount("discord", "bot", DeliveryState.PENDING, 1));

        // Then
        assertThat(counts()).containsExactlyInAnyOrderElementsOf(expected);

        // When
        reopen();

        // Then
        assertThat(counts()).containsExactlyInAnyOrderElementsOf(expected);
    }

    // ---- sessions

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

    // ---- events

    @Test
    void linesAndEventsShareOneSequenceThatOnlyGrows() throws Exception {
        // Given
        assertThat(store.sequence()).isEqualTo(new SequenceRange(0, 0));
        long first = store.appendEvent("channel.failed", Map.of("channel", "webhook"), NOON);
        converse("m1", "anna");
        long last = store.appendEvent("delivery.dead", Map.of(), NOON);

        // When
        List<Happening> all = store.happenings(0, 10);

        // Then
        assertThat(all)
                .extracting(Happening::seq)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(4);
        assertThat(all.getFirst())
                .isEqualTo(new Happening.Event(first, "channel.failed", Map.of("channel", "webhook"), NOON));
        assertThat(all.get(1)).isInstanceOfSatisfying(Happening.Line.class, line -> assertThat(
                        line.line().content())
                .isEqualTo("question m1"));
        assertThat(store.happenings(0, 2)).isEqualTo(all.subList(0, 2));
        assertThat(store.happenings(all.get(1).seq(), 10)).isEqualTo(all.subList(2, 4));
        assertThat(store.sequence()).isEqualTo(new SequenceRange(0, last));
    }

    @Test
    void aSequenceNumberIsNeverUsedAgainEvenIfItsLineIsGone() throws Exception {
        // Given
        converse("m1", "anna");
        long last = store.sequence().last();
        store.deleteSession(session("anna"));

        // When
        reopen();

        // Then
        assertThat(store.appendEvent("x", Map.of(), NOON)).isGreaterThan(last);
    }

    @Test
    void whoeverReadsAlongNeverMissesASmallerNumberThatComesLater() throws Exception {
        // Given
        var seen = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writing = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String id = "m" + i;
                writing.add(threads.submit(() -> {
                    converse(id, "peer" + id);
                    return null;
                }));
            }

            // When
            while (seen.size() < 400) {
                long after = seen.isEmpty() ? 0 : seen.getLast();
                store.happenings(after, 50).forEach(each -> seen.add(each.seq()));
            }
            for (Future<?> each : writing) {
                each.get();
            }
        }

        // Then
        assertThat(store.happenings(0, 1_000)).extracting(Happening::seq).containsExactlyElementsOf(seen);
    }

    // ---- bindings

    @Test
    void theLatestTableOfBindingsRulesUntilItIsReset() throws Exception {
        // Given
        assertThat(store.bindings()).isEmpty();
        store.saveBindings(Optional.of("[1]"), "ops", NOON);
        store.saveBindings(Optional.of("[2]"), "ops", NOON);

        // When
        reopen();

        // Then
        assertThat(store.bindings()).contains("[2]");

        // When
        store.saveBindings(Optional.empty(), "ops", NOON);

        // Then
        assertThat(store.bindings()).isEmpty();
    }

    // ---- housekeeping

    @Test
    void pruningEndsWhatIsOverItsAgeAndNothingElse() throws Exception {
        // Given
        var retention = new Retention(Duration.ofDays(1), Duration.ofDays(30), Duration.ofDays(7));
        for (String id : List.of("open", "delivered", "dead", "discarded")) {
            store.enqueue(delivery(id), Optional.empty());
        }
        store.attemptEnded(end("delivered", DeliveryState.DELIVERED, 1, "delivered"));
        store.attemptEnded(end("dead", DeliveryState.DEAD, 1, "refused"));
        store.end(List.of("discarded"), DeliveryState.DISCARDED, "no", NOON);
        long old = store.appendEvent("old", Map.of(), NOON);
        store.appendEvent("young", Map.of(), NOON.plus(Duration.ofDays(9)));
        converse("m1", "anna");
        store.accept(message("key1", Optional.of(new DedupKey("short", "", NOON.plusSeconds(1)))));
        store.accept(message("key2", Optional.of(new DedupKey("long", "", NOON.plus(Duration.ofDays(99))))));

        // When
        pruneAll(retention, NOON.plus(Duration.ofDays(10)));

        // Then
        assertThat(found(DeliveryFilter.ALL)).containsExactly("dead", "open");
        assertThat(store.attempts("dead")).hasSize(1);
        assertThat(store.happenings(old, 10)).hasSize(3);
        assertThat(store.sequence().before()).isEqualTo(old);
        assertThat(store.accept(message("a", Optional.of(key("short", "")))).duplicate())
                .isFalse();
        assertThat(store.accept(message("b", Optional.of(key("long", "")))).duplicate())
                .isTrue();
        assertThat(counts())
                .containsExactlyInAnyOrder(
                        new DeliveryCount("webhook", "default", DeliveryState.PENDING, 1),
                        new DeliveryCount("webhook", "default", DeliveryState.DEAD, 1));

        // When
        pruneAll(retention, NOON.plus(Duration.ofDays(40)));

        // Then
        assertThat(found(DeliveryFilter.ALL)).containsExactly("open");
    }

    @Test
    void muchIsPrunedInManySteps() throws Exception {
        // Given
        together(3_000, i -> () -> store.appendEvent("old", Map.of(), NOON));

        // When
        int steps = pruneAll(
                new Retention(Duration.ZERO, Duration.ZERO, Duration.ofDays(1)), NOON.plus(Duration.ofDays(2)));

        // Then
        assertThat(steps).isGreaterThan(2);
        assertThat(store.happenings(0, 10)).isEmpty();
        assertThat(store.sequence().before()).isEqualTo(store.sequence().last());
    }

    @Test
    void aHealthyStoreSaysSo() throws Exception {
        // When
        store.probe();

        // Then
        StoreStatus status = store.status();
        assertThat(status.writable()).isTrue();
        assertThat(status.detail()).isEmpty();
        assertThat(status.damaged()).isZero();
        assertThat(status.bytes()).isPositive();
        assertThat(status.freeBytes()).isPositive();
    }

    @Test
    void aCursorOfSomebodyElseIsToldSo() {
        for (String garbage : List.of("", "x", "garbage!", "AAAAAAAAAAAAAAAAAA", "4242424242", "\u0000")) {
            assertThatThrownBy(() -> store.deliveries(DeliveryFilter.ALL, 10, Optional.of(garbage)))
                    .satisfies(isA(Kind.BAD_CURSOR));
            assertThatThrownBy(() -> store.sessions(SessionFilter.ALL, 10, Optional.of(garbage)))
                    .satisfies(isA(Kind.BAD_CURSOR));
            assertThatThrownBy(() -> store.history(session("anna"), 10, Optional.of(garbage)))
                    .satisfies(isA(Kind.BAD_CURSOR));
        }
    }

    @Test
    void aLimitOutsideOfOneToAThousandIsTakenAsTheNearest() throws Exception {
        // Given
        together(1_100, i -> () -> store.enqueue(delivery("d" + i), Optional.empty()));

        // Then
        assertThat(store.deliveries(DeliveryFilter.ALL, 5_000, Optional.empty()).items())
                .hasSize(1_000);
        assertThat(store.deliveries(DeliveryFilter.ALL, 0, Optional.empty()).items())
                .hasSize(1);
        assertThat(store.openDeliveries(0, 5_000)).hasSize(1_000);
    }

    @Test
    void anInterruptEndsTheWaitOnly() throws Exception {
        // Given
        Thread.currentThread().interrupt();

        // Then
        assertThatThrownBy(() -> store.accept(message("m1"))).isInstanceOf(InterruptedException.class);
        store.accept(message("m2"));
        assertThat(store.inbound("m2")).isPresent();
    }

    @Test
    void aClosedStoreRefusesAndClosingTwiceIsFine() {
        // Given
        store.close();

        // When
        store.close();

        // Then
        assertThatThrownBy(() -> store.accept(message("m1"))).satisfies(isA(Kind.UNAVAILABLE));
        assertThatThrownBy(() -> store.inbound("m1")).satisfies(isA(Kind.UNAVAILABLE));
    }

    @Test
    void whatWasSubmittedBeforeTheCloseIsStored() throws Exception {
        // Given
        var answers = new ArrayList<Future<Accepted>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                String id = "m" + i;
                answers.add(threads.submit(() -> store.accept(message(id))));
            }

            // When
            store.close();
        }

        // Then
        store = open();
        for (int i = 0; i < answers.size(); i++) {
            boolean acknowledged = answers.get(i).state() == Future.State.SUCCESS;
            assertThat(store.inbound("m" + i).isPresent()).isEqualTo(acknowledged);
        }
    }

    private void reopen() {
        store.close();
        store = open();
    }

    private void converse(String messageId, String peer) throws InterruptedException {
        store.accept(message(messageId));
        store.completeTurn(turn(messageId, peer));
    }

    private int pruneAll(Retention retention, Instant now) throws InterruptedException {
        int steps = 1;
        while (store.prune(retention, now)) {
            steps++;
        }
        return steps;
    }

    private List<String> found(DeliveryFilter filter) throws InterruptedException {
        return store.deliveries(filter, 100, Optional.empty()).items().stream()
                .map(each -> each.ref().deliveryId())
                .toList();
    }

    private List<DeliveryCount> counts() throws InterruptedException {
        return store.deliveryCounts();
    }

    private static List<String> peers(Page<StoredSession> page) {
        return page.items().stream().map(each -> each.identity().peerId()).toList();
    }

    private static AttemptEnd part(int done, DeliveryState state) {
        return new AttemptEnd("d1", state, 1, done, "delivered", null, "r" + done, NOON, NOON, true);
    }

    private static Consumer<Throwable> isA(Kind kind) {
        return thrown -> assertThat(thrown)
                .isInstanceOfSatisfying(StoreException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(kind));
    }

    private static <R> List<R> together(int count, Function<Integer, Callable<R>> task) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<R>>();
            for (int i = 0; i < count; i++) {
                answers.add(threads.submit(task.apply(i)));
            }
            var results = new ArrayList<R>();
            for (Future<R> each : answers) {
                results.add(each.get());
            }
            return results;
        }
    }
}
