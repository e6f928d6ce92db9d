package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.ANNA;
import static dev.patchbay.hub.store.Samples.NOON;
import static dev.patchbay.hub.store.Samples.bytes;
import static dev.patchbay.hub.store.Samples.delivery;
import static dev.patchbay.hub.store.Samples.end;
import static dev.patchbay.hub.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.StoreException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Deliveries. */
abstract class DeliveryContract extends InboxContract {
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
                        false,
                        false,
                        "hello".length()));
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
        store.attemptStarted("d1", 1, false, NOON.plusSeconds(1));
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
    void aRepeatIsMarkedFromItsBeginning() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        store.attemptStarted("d1", 1, false, NOON);
        boolean first = store.delivery("d1").orElseThrow().ref().possiblyRepeated();

        // When
        store.attemptStarted("d1", 2, true, NOON);

        // Then
        assertThat(first).isFalse();
        assertThat(store.delivery("d1").orElseThrow().ref().possiblyRepeated()).isTrue();
    }

    @Test
    void oneThatWasBeingSentIsStillOpenAfterAReopening() throws Exception {
        // Given
        store.enqueue(delivery("d1"), Optional.empty());
        store.attemptStarted("d1", 1, false, NOON);

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
        store.attemptStarted("d1", 1, false, NOON);
        store.attemptEnded(first);
        store.attemptStarted("d1", 2, false, NOON);
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
        assertThatThrownBy(() -> store.attemptStarted("d1", 2, false, NOON)).satisfies(isA(Kind.CONFLICT));
        assertThatThrownBy(() -> store.attemptEnded(end("d1", DeliveryState.DELIVERED, 1, "delivered")))
                .satisfies(isA(Kind.CONFLICT));
        assertThatThrownBy(() -> store.attemptStarted("unknown", 1, false, NOON))
                .satisfies(isA(Kind.CONFLICT));
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
        store.attemptStarted("sending", 1, false, NOON);
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
        store.attemptStarted("sending", 1, false, NOON);

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
        store.attemptStarted("d3", 1, false, NOON);
        Optional<String> any = Optional.empty();

        // Then
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.DEAD), any, any, any, any, any)))
                .containsExactly("d2");
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.PENDING), any, any, any, any, any)))
                .containsExactly("d1");
        assertThat(found(
                        new DeliveryFilter(Set.of(DeliveryState.SENDING, DeliveryState.DEAD), any, any, any, any, any)))
                .containsExactly("d3", "d2");
        assertThat(found(new DeliveryFilter(Set.of(), Optional.of("discord"), any, any, any, any)))
                .containsExactly("d3", "d2");
        assertThat(found(new DeliveryFilter(Set.of(), any, Optional.of("default"), any, any, any)))
                .containsExactly("d1");
        assertThat(found(new DeliveryFilter(Set.of(), any, any, any, Optional.of("anna"), any)))
                .containsExactly("d3", "d1");
        assertThat(found(new DeliveryFilter(Set.of(), any, any, Optional.of("group"), any, any)))
                .containsExactly("d2");
        assertThat(found(new DeliveryFilter(Set.of(), any, any, any, any, Optional.of("d1"))))
                .containsExactly("d1");
        assertThat(found(new DeliveryFilter(Set.of(DeliveryState.DEAD), Optional.of("webhook"), any, any, any, any)))
                .isEmpty();
    }

    @Test
    void deliveriesAreCountedByAccountAndStateAlsoAfterAReopening() throws Exception {
        // Given
        for (int i = 0; i < 6; i++) {
            store.enqueue(delivery("d" + i), Optional.empty());
        }
        store.enqueue(delivery("e", new LaneKey("discord", "bot", "group", "200", null), "x"), Optional.empty());
        store.attemptStarted("d0", 1, false, NOON);
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
}
