package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.api.Pacing.Limit.Window;
import dev.patchbay.api.TextLimit;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.StoredDelivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How fast messages leave. */
class PacedDeliveriesTest extends PaceFixture {
    @Test
    void thirtyMessagesToOnePeerGoOutOncePerSecond() throws Exception {
        // Given
        send("anna", 30);

        // When
        world.advance(Duration.ofSeconds(31));

        // Then
        assertThat(channel.texts("anna")).hasSize(30).isSorted();
        assertThat(gaps("anna")).allSatisfy(gap -> assertThat(gap).isBetween(millis(1_000), millis(1_010)));
    }

    @Test
    void threeHundredMessagesToAHundredPeersGoOutThirtyPerSecond() throws Exception {
        // Given
        for (int i = 0; i < 300; i++) {
            queue("telegram", "p" + i % 100, null, "m", false);
        }

        // When
        world.advance(Duration.ofMillis(9_100));

        // Then
        assertThat(channel.sent).hasSize(300);
        assertThat(most(Duration.ofSeconds(1))).isEqualTo(30);
    }

    @Test
    void aGroupWithItsThreadsIsOnePeer() throws Exception {
        // Given
        for (int i = 0; i < 30; i++) {
            queue("telegram", "group:g", "thread " + i % 3, "m", false);
        }

        // When
        world.advance(Duration.ofSeconds(60));
        int inTheFirstMinute = channel.sent.size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(inTheFirstMinute).isEqualTo(20);
        assertThat(channel.sent).hasSize(30);
    }

    @Test
    void aPeerThatWaitsHoldsUpNobodyElse() throws Exception {
        // Given
        send("anna", 5);

        // When
        send("ben", 1);

        // Then
        assertThat(channel.texts("anna")).hasSize(1);
        assertThat(channel.texts("ben")).hasSize(1);
    }

    @Test
    void eachPartOfALongMessageIsASend() throws Exception {
        // Given
        limit = new TextLimit(16, TextLimit.Unit.UTF16);
        queue("telegram", "anna", null, "one two three four five six seven eight", false);
        int atOnce = channel.sent.size();
        world.advance(Duration.ofMillis(1_500));
        List<Integer> beforeTheKill = channel.parts();

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        world.advance(Duration.ofSeconds(3));

        // Then
        assertThat(atOnce).isEqualTo(1);
        assertThat(beforeTheKill).containsExactly(1, 2);
        assertThat(channel.parts()).containsExactly(1, 2, 3);
        assertThat(channel.sent).noneMatch(each -> each.message().possiblyRepeated());
        assertThat(only().ref().attempts()).isEqualTo(1);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void whatIsUnderWayKeepsItsPlaceAndCountsFromItsEnd() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Window(2, Duration.ofSeconds(1))), List.of(), List.of());
        channel.latency = Duration.ofMillis(1_500);
        send("anna", 1);
        send("ben", 1);
        send("cleo", 1);

        // When
        world.advance(Duration.ofMillis(2_500));
        List<String> before = channel.texts("cleo");
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(before).isEmpty();
        assertThat(channel.texts("cleo")).hasSize(1);
    }

    @Test
    void aPeerThatHangsCostsOthersTheirPlaceForSecondsOnly() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(50))), List.of(), List.of());
        channel.latency = Duration.ofSeconds(30);
        send("anna", 1);
        channel.latency = Duration.ZERO;

        // When
        send("ben", 2);
        world.advance(Duration.ofSeconds(6));

        // Then
        assertThat(channel.texts("ben")).hasSize(2);
    }

    @Test
    void aLearntLatencyIsTakenOffTheWait() throws Exception {
        // Given
        channel.latency = Duration.ofMillis(100);

        // When
        send("anna", 20);
        world.advance(Duration.ofSeconds(25));

        // Then
        assertThat(gaps("anna").getFirst()).isBetween(millis(1_100), millis(1_110));
        assertThat(gaps("anna").getLast()).isBetween(millis(1_000), millis(1_010));
    }

    /** Most sends in any stretch of time. */
    private long most(Duration stretch) {
        return channel.sent.stream()
                .mapToLong(first -> channel.sent.stream()
                        .filter(each -> !each.at().isBefore(first.at())
                                && each.at().isBefore(first.at().plus(stretch)))
                        .count())
                .max()
                .orElseThrow();
    }

    private StoredDelivery only() throws Exception {
        List<StoredDelivery> all =
                store.deliveries(DeliveryFilter.ALL, 100, Optional.empty()).items();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }
}
