package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.hub.store.DeliveryFilter;
import dev.patchbay.hub.store.DeliveryState;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What operators do with deliveries. */
class InterventionsTest extends DeliveryFixture {
    @Test
    void aDeadLetterThatIsRetriedGoesOnCounting() throws Exception {
        // Given
        channel.willAnswer("anna", new Refused("403"));
        send("anna", "hello");

        // When
        int moved = deliveries.retry(DeliveryFilter.ALL);
        world.settle();

        // Then
        assertThat(moved).isEqualTo(1);
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().ref().attempts()).isEqualTo(2);
    }

    @Test
    void aWaitingDeliveryThatIsRetriedIsDueNow() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE);
        send("anna", "hello");

        // When
        int moved = deliveries.retry(DeliveryFilter.ALL);
        world.settle();

        // Then
        assertThat(moved).isEqualTo(1);
        assertThat(channel.taken()).hasSize(2);
    }

    @Test
    void whatIsDiscardedIsNeverSentAndLetsTheNextOneGo() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE);
        send("anna", "1");
        send("anna", "2");

        // When
        int moved = deliveries.discard(new DeliveryFilter(
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(id("1"))));
        world.advance(Duration.ofSeconds(60));

        // Then
        assertThat(moved).isEqualTo(1);
        assertThat(channel.texts("anna")).containsExactly("1", "2");
        assertThat(state("1")).isEqualTo(DeliveryState.DISCARDED);
    }
}
