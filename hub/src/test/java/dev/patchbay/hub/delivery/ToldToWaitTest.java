package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.hub.store.DeliveryFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the pace when a platform says to wait. */
class ToldToWaitTest extends PaceFixture {
    @Test
    void aPeerThatIsToldToWaitWaitsExactlyAndOthersGoOn() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(17), Paced.Scope.PEER));
        send("anna", 2);

        // When
        send("ben", 1);
        world.advance(Duration.ofSeconds(17));
        int inTime = channel.texts("anna").size();
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(channel.texts("ben")).hasSize(1);
        assertThat(inTime).isEqualTo(1);
        assertThat(channel.texts("anna")).containsExactly("000", "000");
    }

    @Test
    void anAccountThatIsToldToWaitStopsAllItsPeersAndNoOtherAccount() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(17), Paced.Scope.ACCOUNT));
        send("anna", 1);

        // When
        send("ben", 1);
        queue("telegram/second", "cleo", null, "m", false);
        world.advance(Duration.ofSeconds(17));
        int inTime = channel.texts("ben").size();
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(channel.texts("cleo")).hasSize(1);
        assertThat(inTime).isZero();
        assertThat(channel.texts("ben")).hasSize(1);
    }

    @Test
    void anOperatorsRetryDoesNotBreakAPause() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(17), Paced.Scope.PEER));
        send("anna", 1);

        // When
        deliveries.retry(DeliveryFilter.ALL);
        world.advance(Duration.ofSeconds(17));

        // Then
        assertThat(channel.texts("anna")).hasSize(1);
    }

    @Test
    void beingToldMakesUsSlowerAndThatWearsOff() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER));
        send("anna", 5);
        world.advance(Duration.ofSeconds(8));
        List<Duration> after = gaps("anna");

        // When
        world.advance(Duration.ofMinutes(10));
        channel.sent.clear();
        send("anna", 3);
        world.advance(Duration.ofSeconds(4));

        // Then
        assertThat(after.subList(1, 4)).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_230), millis(1_270)));
        assertThat(gaps("anna")).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_000), millis(1_010)));
        assertThat(store.notes(SCOPE)).as("nothing is left to remember").isEmpty();
    }

    @Test
    void severalThatWereToldTogetherMakeUsSlowerOnce() throws Exception {
        // Given
        var told = new Paced("429", Duration.ofSeconds(2), Paced.Scope.ACCOUNT);
        channel.latency = Duration.ofMillis(50);
        for (int i = 0; i < 5; i++) {
            channel.willAnswer("p" + i, told);
            queue("telegram", "p" + i, null, "m", false);
        }

        // When
        world.advance(Duration.ofMillis(60));

        // Then
        assertThat(meters.scrape())
                .contains("patchbay_paced_total{channel=\"telegram\",scope=\"account\"} 5")
                .contains("patchbay_pacing_factor{account=\"default\",channel=\"telegram\"} 1.2");
    }

    @Test
    void beingToldNeverMakesABucketQuicker() throws Exception {
        // Given
        pacing = new Pacing(List.of(), List.of(new Bucket(5, Duration.ofSeconds(1))), List.of());
        var fine = new Delivered("r");
        channel.willAnswer(
                "anna", fine, fine, fine, fine, fine, fine, fine, new Paced("429", millis(100), Paced.Scope.PEER));

        // When
        send("anna", 20);
        world.advance(Duration.ofSeconds(40));

        // Then
        List<Instant> sent = channel.sent.stream().map(Sent::at).toList();
        assertThat(sent).hasSize(21);
        for (int first = 0; first < sent.size(); first++) {
            for (int last = first; last < sent.size(); last++) {
                Duration refilled = Duration.between(sent.get(first), sent.get(last));
                assertThat(last - first + 1).isLessThanOrEqualTo(5 + (int) refilled.toSeconds());
            }
        }
    }
}
