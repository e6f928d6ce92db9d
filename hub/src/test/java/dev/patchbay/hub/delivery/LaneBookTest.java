package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.patchbay.api.Pacing;
import dev.patchbay.hub.delivery.LaneBook.Step;
import dev.patchbay.hub.delivery.LaneBook.Turn;
import dev.patchbay.hub.lane.Stopwatch;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneBookTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Account ACCOUNT = new Account("webhook", "default");

    private final LaneBook book = new LaneBook(2);

    @Test
    void theHeadOfALaneIsTheOldest() {
        // Given
        book.add(delivery(2, "anna"), NOW);
        book.add(delivery(1, "anna"), NOW);

        // When
        LaneKey lane = activate();

        // Then
        assertThat(sending(lane)).isEqualTo("d1");
    }

    @Test
    void aDeadLetterThatComesBackNeverOvertakesTheOneBeingSent() {
        // Given
        QueuedDelivery second = delivery(2, "anna");
        book.add(second, NOW);
        LaneKey lane = activate();
        sending(lane);

        // When
        book.add(delivery(1, "anna"), NOW);
        book.remove(second, NOW);

        // Then
        assertThat(sending(lane)).isEqualTo("d1");
    }

    @Test
    void aHeadThatMustWaitHoldsBackItsOwnLaneOnly() {
        // Given
        QueuedDelivery waiting = delivery(1, "anna");
        book.add(waiting, NOW);
        book.add(delivery(2, "anna"), NOW);
        book.add(delivery(3, "ben"), NOW);
        LaneKey anna = activate();
        sending(anna);
        waiting.notBefore = NOW.plusSeconds(5);
        book.postpone(waiting);

        // When
        Step step = book.next(anna, NOW, true);
        LaneKey ben = activate();

        // Then
        assertThat(step).isEqualTo(new Step.Leave());
        assertThat(sending(ben)).isEqualTo("d3");
        assertThat(turn(NOW)).isEqualTo(new Turn.Rest(Optional.of(NOW.plusSeconds(5))));
    }

    @Test
    void aSleepingLaneIsReadyWhenItsMomentHasComeAndNotBefore() {
        // Given
        QueuedDelivery delivery = delivery(1, "anna");
        delivery.notBefore = NOW.plusSeconds(5);
        book.add(delivery, NOW);

        // When
        Turn tooEarly = turn(NOW.plusSeconds(4));
        Turn again = turn(NOW.plusSeconds(4));
        Turn inTime = turn(NOW.plusSeconds(5));

        // Then
        assertThat(tooEarly).isEqualTo(new Turn.Rest(Optional.of(NOW.plusSeconds(5))));
        assertThat(again).as("one alarm is enough").isEqualTo(new Turn.Rest(Optional.empty()));
        assertThat(inTime).isEqualTo(new Turn.Go(delivery.lane));
    }

    @Test
    void anAccountHasOnlySoManyActiveLanes() {
        // Given
        book.add(delivery(1, "anna"), NOW);
        book.add(delivery(2, "ben"), NOW);
        book.add(delivery(3, "cleo"), NOW);

        // When
        activate();
        activate();

        // Then
        assertThat(turn(NOW)).isInstanceOf(Turn.Rest.class);
    }

    @Test
    void aLaneThatHadItsShareLetsAnotherGoFirst() {
        // Given
        QueuedDelivery first = delivery(1, "anna");
        book.add(first, NOW);
        book.add(delivery(2, "anna"), NOW);
        book.add(delivery(3, "ben"), NOW);
        book.add(delivery(4, "cleo"), NOW);
        LaneKey anna = activate();
        activate();
        sending(anna);
        book.remove(first, NOW);

        // When
        Step step = book.next(anna, NOW, true);

        // Then
        assertThat(step).isInstanceOf(Step.Leave.class);
        assertThat(activate().peerId()).isEqualTo("cleo");
    }

    @Test
    void whatIsBeingSentCannotBeTaken() {
        // Given
        QueuedDelivery delivery = delivery(1, "anna");
        book.add(delivery, NOW);
        sending(activate());

        // When
        QueuedDelivery taken = book.take(delivery.lane, delivery.id);

        // Then
        assertThat(taken).isNull();
        assertThat(book.takeOldest("webhook")).isNull();
    }

    @Test
    void anExpiredHeadIsEndedBeforeItIsSent() {
        // Given
        book.add(delivery(1, "anna"), NOW);
        LaneKey lane = activate();

        // When
        Step step = book.next(lane, NOW.plus(Duration.ofDays(8)), false);

        // Then
        assertThat(step).isInstanceOf(Step.Expire.class);
    }

    @Test
    void expiredOnesAreFoundBehindAHeadThatWaits() {
        // Given
        QueuedDelivery head = delivery(1, "anna");
        head.notBefore = NOW.plusSeconds(600);
        book.add(head, NOW);
        book.add(delivery(2, "anna", NOW.plusSeconds(10)), NOW);

        // When
        var expired = book.takeExpired(NOW.plusSeconds(10), 10);

        // Then
        assertThat(expired).extracting(each -> each.id).containsExactly("d2");
    }

    @Test
    void depthsFollowWhatComesAndGoes() {
        // Given
        QueuedDelivery first = delivery(1, "anna");
        book.add(first, NOW);
        book.add(delivery(2, "ben"), NOW);

        // When
        book.remove(first, NOW);

        // Then
        assertThat(book.depth("webhook")).isEqualTo(1);
        assertThat(book.depth(ACCOUNT).open()).isEqualTo(1);
        assertThat(book.depth(new Account("webhook", "other")).oldest()).isEmpty();
    }

    @Test
    void aBookIsQuietWhenNoLaneIsActive() throws Exception {
        // Given
        QueuedDelivery delivery = delivery(1, "anna");
        book.add(delivery, NOW);
        LaneKey lane = activate();

        // When
        boolean before = book.awaitQuiet(Duration.ofMillis(1), Stopwatch.SYSTEM);
        book.giveBack(lane, null, NOW);

        // Then
        assertThat(before).isFalse();
        assertThat(book.awaitQuiet(Duration.ofMillis(1), Stopwatch.SYSTEM)).isTrue();
    }

    @Test
    void whatComesLateGoesBeforeYoungerOnesButNeverBeforeOneThatHasBegun() {
        // Given
        QueuedDelivery begun = delivery(2, "anna");
        begun.partsDone = 1;
        book.add(delivery(3, "anna"), NOW);
        book.add(begun, NOW);

        // When
        book.add(delivery(1, "anna"), NOW);

        // Then
        LaneKey lane = activate();
        assertThat(List.of(sent(lane), sent(lane), sent(lane))).containsExactly("d2", "d1", "d3");
    }

    private String sent(LaneKey lane) {
        QueuedDelivery head = ((Step.Send) book.next(lane, NOW, false)).delivery();
        book.remove(head, NOW);
        return head.id;
    }

    private LaneKey activate() {
        return turn(NOW) instanceof Turn.Go(LaneKey lane) ? lane : fail("no lane is ready");
    }

    private Turn turn(Instant now) {
        return book.activate(ACCOUNT, Pacing.NONE, now);
    }

    private String sending(LaneKey lane) {
        return ((Step.Send) book.next(lane, NOW, false)).delivery().id;
    }

    private static QueuedDelivery delivery(long seq, String peer) {
        return delivery(seq, peer, NOW.plus(Duration.ofDays(7)));
    }

    private static QueuedDelivery delivery(long seq, String peer, Instant expiresAt) {
        return new QueuedDelivery(new DeliveryRef(
                seq,
                "d" + seq,
                new LaneKey("webhook", "default", "direct", peer, null),
                DeliveryState.PENDING,
                0,
                1,
                0,
                NOW,
                NOW,
                expiresAt,
                false,
                false,
                0));
    }
}
