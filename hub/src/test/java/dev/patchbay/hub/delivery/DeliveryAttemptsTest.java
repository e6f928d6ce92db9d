package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.hub.store.DeliveryState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is tried again, when, and when no more. */
class DeliveryAttemptsTest extends DeliveryFixture {
    @Test
    void aFailedAttemptIsRepeatedAfterTheBackoffAndNotBefore() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMillis(4_999));
        int before = channel.taken().size();
        world.advance(Duration.ofMillis(1));

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(channel.texts("anna")).containsExactly("hello", "hello");
        assertThat(only().ref().possiblyRepeated()).isFalse();
    }

    @Test
    void afterItsAttemptsADeliveryIsADeadLetterWithTheTrueCountAndReason() throws Exception {
        // Given
        channel.willAnswer("anna", FAILURE, FAILURE, FAILURE);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMinutes(10));

        // Then
        assertThat(only()).satisfies(stored -> {
            assertThat(stored.ref().state()).isEqualTo(DeliveryState.DEAD);
            assertThat(stored.ref().attempts()).isEqualTo(3);
            assertThat(stored.lastError()).isEqualTo("500 from the callback");
        });
    }

    @Test
    void aRefusalIsADeadLetterAtOnceAndTheNextMessageGoesOn() throws Exception {
        // Given
        channel.willAnswer("anna", new Refused("410 Gone"));

        // When
        send("anna", "1");
        send("anna", "2");

        // Then
        assertThat(channel.texts("anna")).containsExactly("1", "2");
        assertThat(state("1")).isEqualTo(DeliveryState.DEAD);
        assertThat(state("2")).isEqualTo(DeliveryState.DELIVERED);
    }

    @Test
    void aPlatformThatNamesAWaitIsObeyedEvenWhenOurOwnBackoffIsShorter() throws Exception {
        // Given
        channel.willAnswer("anna", new RetryLater("503", Duration.ofSeconds(60)));
        send("anna", "hello");

        // When
        world.advance(Duration.ofSeconds(59));
        int before = channel.taken().size();
        world.advance(Duration.ofSeconds(1));

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(channel.taken()).hasSize(2);
    }

    @Test
    void beingAskedToSlowDownIsNotAnAttempt() throws Exception {
        // Given
        var slower = new Paced("429", Duration.ofSeconds(1), Paced.Scope.PEER);
        channel.willAnswer("anna", slower, slower, slower, slower, slower);
        send("anna", "hello");

        // When
        world.advance(Duration.ofMillis(5_100));

        // Then
        assertThat(only().ref().state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(only().ref().attempts()).isEqualTo(1);
    }

    @Test
    void anAccountThatIsToldToWaitHoldsBackAllItsPeers() throws Exception {
        // Given
        channel.willAnswer("anna", new Paced("429", Duration.ofSeconds(30), Paced.Scope.ACCOUNT));
        send("anna", "1");

        // When
        send("ben", "2");
        world.advance(Duration.ofSeconds(30));
        List<String> benBefore = channel.texts("ben");
        world.advance(Duration.ofMillis(10));

        // Then
        assertThat(benBefore).isEmpty();
        assertThat(channel.texts("ben")).containsExactly("2");
        assertThat(channel.texts("anna")).containsExactly("1", "1");
    }
}
