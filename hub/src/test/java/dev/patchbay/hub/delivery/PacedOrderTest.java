package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.Pacing;
import dev.patchbay.api.Pacing.Limit.Bucket;
import dev.patchbay.api.Pacing.Limit.Window;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who goes first when there is not pace enough for all. */
class PacedOrderTest extends PaceFixture {
    @Test
    void peersAreServedInTurnsWhoeverHasMostQueued() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(100))), List.of(), List.of());
        isOpen = false;
        send("anna", 20);
        send("ben", 3);
        send("cleo", 3);

        // When
        isOpen = true;
        world.advance(Duration.ofMillis(250 + 900));

        // Then
        assertThat(channel.peers().subList(0, 9))
                .containsExactly("anna", "ben", "cleo", "anna", "ben", "cleo", "anna", "ben", "cleo");
    }

    @Test
    void answersGoBeforeTheRestWhichIsNotForgotten() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(100))), List.of(), List.of());
        isOpen = false;
        send("bulk1", 10);
        send("bulk2", 10);
        queue("telegram", "bulk2", null, "999", true);
        for (int i = 0; i < 15; i++) {
            queue("telegram", "human" + i, null, "m", true);
        }

        // When
        isOpen = true;
        world.advance(Duration.ofMillis(250 + 2_000));

        // Then
        List<String> peers = channel.peers();
        assertThat(peers.getFirst()).as("lifted by its answer").isEqualTo("bulk2");
        assertThat(peers.subList(0, 7)).doesNotContain("bulk1");
        assertThat(peers.get(7)).isEqualTo("bulk1");
        assertThat(channel.texts("bulk2")).isSorted();
    }

    @Test
    void answersStillGoFirstAfterARestart() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Bucket(1, Duration.ofMillis(100))), List.of(), List.of());
        isOpen = false;
        send("bulk", 5);
        queue("telegram", "human", null, "m", true);

        // When
        deliveries.drain(Duration.ofSeconds(1));
        deliveries = restarted();
        isOpen = true;
        world.advance(Duration.ofMillis(250));

        // Then
        assertThat(channel.peers()).startsWith("human");
    }

    @Test
    void whatIsShownCountsAndLeavesHalfToMessages() throws Exception {
        // Given
        pacing = new Pacing(List.of(new Window(4, Duration.ofSeconds(30))), List.of(), List.of());
        Showing showing =
                deliveries.show(outbound("telegram", "anna", null, "", true), "m1", new Showing.Left(Optional.empty()));

        // When
        for (int i = 0; i < 6; i++) {
            showing.delta("word ");
            world.advance(Duration.ofMillis(1_050));
        }
        showing.end();
        queue("telegram", "anna", null, "1", true);
        queue("telegram", "ben", null, "2", true);
        queue("telegram", "cleo", null, "3", true);

        // Then
        assertThat(channel.drafts).isEqualTo(2);
        assertThat(channel.sent).hasSize(2);
    }

    @Test
    void aDraftThatIsToldToWaitHoldsBackTheMessage() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(9), Paced.Scope.PEER));
        Showing showing =
                deliveries.show(outbound("telegram", "anna", null, "", true), "m1", new Showing.Left(Optional.empty()));
        showing.delta("word ");
        world.advance(Duration.ofMillis(600));
        showing.end();

        // When
        queue("telegram", "anna", null, "1", true);
        world.advance(Duration.ofSeconds(8));
        int inTime = channel.sent.size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(inTime).isZero();
        assertThat(channel.sent).hasSize(1);
    }
}
