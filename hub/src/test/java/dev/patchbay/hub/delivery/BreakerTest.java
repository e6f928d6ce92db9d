package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Pacing;
import dev.patchbay.hub.delivery.LaneBook.Step;
import dev.patchbay.hub.delivery.LaneBook.Turn;
import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An account in trouble costs its messages no attempts, and is found to be well again by one of them. */
class BreakerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Account ACCOUNT = new Account("webhook", "default");
    private static final DeliveryPolicy POLICY = new DeliveryPolicy(
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofMinutes(10)),
            5,
            10_000,
            false,
            Duration.ofDays(7),
            0);

    private final LaneBook book = new LaneBook(100);
    private long seq;

    @Test
    void whenFivePeersFailInARowTheOthersWait() {
        // Given
        List<LaneKey> lanes = active(6);

        // When
        List<Optional<Instant>> opened = new ArrayList<>();
        lanes.subList(0, 5).forEach(lane -> opened.add(fails(lane, NOW, NOW)));

        // Then
        assertThat(opened.subList(0, 4)).containsOnly(Optional.empty());
        assertThat(opened.get(4)).contains(NOW.plusSeconds(5));
        add("somebody");
        assertThat(turn(NOW)).isEqualTo(new Turn.Rest(Optional.of(NOW.plusSeconds(5))));
        assertThat(book.trouble(ACCOUNT, NOW)).isEqualTo(2);
    }

    @Test
    void onePeerThatFailsAgainAndAgainIsNoTroubleOfTheAccount() {
        // Given
        LaneKey lane = active(1).getFirst();

        // When
        for (int i = 0; i < 20; i++) {
            assertThat(book.failed(lane, NOW, NOW, POLICY)).isEmpty();
        }

        // Then
        add("somebody");
        assertThat(turn(NOW)).isInstanceOf(Turn.Go.class);
    }

    @Test
    void oneMessageAtATimeTriesAndEachFailureDoublesThePauseUpToAMinute() {
        // Given
        active(5).forEach(lane -> fails(lane, NOW, NOW));
        List<Long> pauses = new ArrayList<>();
        Instant now = NOW.plusSeconds(5);

        // When
        for (int i = 0; i < 6; i++) {
            add("probe-" + i);
            add("waits-" + i);
            LaneKey probe = ((Turn.Go) turn(now)).lane();
            assertThat(turn(now)).as("a second one").isInstanceOf(Turn.Rest.class);
            sends(probe, now);
            fails(probe, now, now);
            Instant next = now;
            while (book.trouble(ACCOUNT, next) == 2) {
                next = next.plusSeconds(1);
            }
            pauses.add(Duration.between(now, next).toSeconds());
            now = next;
        }

        // Then
        assertThat(pauses).containsExactly(10L, 20L, 40L, 60L, 60L, 60L);
    }

    @Test
    void whatWasUnderWayWhenItBeganSaysNothingNew() {
        // Given
        List<LaneKey> lanes = active(9);
        lanes.subList(0, 5).forEach(lane -> fails(lane, NOW, NOW));

        // When
        lanes.subList(5, 9).forEach(lane -> fails(lane, NOW, NOW.plusSeconds(3)));

        // Then
        assertThat(book.trouble(ACCOUNT, NOW.plusSeconds(5))).isEqualTo(1);
    }

    @Test
    void oneAnswerEndsTheTrouble() {
        // Given
        active(5).forEach(lane -> fails(lane, NOW, NOW));
        add("anna");
        add("ben");
        Instant later = NOW.plusSeconds(5);
        LaneKey probe = ((Turn.Go) turn(later)).lane();

        // When
        boolean ended = book.worked(probe);

        // Then
        assertThat(ended).isTrue();
        assertThat(turn(later)).isInstanceOf(Turn.Go.class);
        assertThat(book.trouble(ACCOUNT, later)).isZero();
    }

    /** So many peers that are being sent to. */
    private List<LaneKey> active(int count) {
        List<LaneKey> lanes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            add("peer-" + i);
            LaneKey lane = ((Turn.Go) turn(NOW)).lane();
            sends(lane, NOW);
            lanes.add(lane);
        }
        return lanes;
    }

    private void sends(LaneKey lane, Instant now) {
        assertThat(book.next(lane, now, false)).isInstanceOf(Step.Send.class);
        book.sends(lane, now);
    }

    /** The attempt fails, and the lane waits a year. */
    private Optional<Instant> fails(LaneKey lane, Instant began, Instant now) {
        Optional<Instant> opened = book.failed(lane, began, now, POLICY);
        QueuedDelivery head = deliveries.stream()
                .filter(each -> each.lane.equals(lane))
                .findFirst()
                .orElseThrow();
        head.notBefore = now.plus(Duration.ofDays(365));
        book.postpone(head);
        assertThat(book.next(lane, now, true)).isEqualTo(new Step.Leave());
        return opened;
    }

    private final List<QueuedDelivery> deliveries = new ArrayList<>();

    private void add(String peer) {
        var delivery = new QueuedDelivery(new DeliveryRef(
                ++seq,
                "d" + seq,
                new LaneKey(ACCOUNT.channel(), ACCOUNT.accountId(), "direct", peer, null),
                DeliveryState.PENDING,
                0,
                1,
                0,
                NOW,
                NOW,
                NOW.plus(Duration.ofDays(400)),
                false,
                false,
                0));
        deliveries.add(delivery);
        book.add(delivery, NOW);
    }

    private Turn turn(Instant now) {
        return book.activate(ACCOUNT, Pacing.NONE, now);
    }
}
