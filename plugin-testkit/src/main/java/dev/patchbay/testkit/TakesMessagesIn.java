package dev.patchbay.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What every channel that takes messages in promises besides. Implement it on the class that extends {@link ChannelContract},
 * whose {@link ChannelContract#farSide()} then answers a {@link ChannelProbe.Speaking}.
 */
public interface TakesMessagesIn {

    /** The same far side as {@link ChannelContract#farSide()}. */
    ChannelProbe.Speaking speakingSide();

    /** The hub that the channel was opened with: {@link ChannelContract#host}. */
    RecordingHost hub();

    @Test
    default void aMessageReachesTheHubWithItsIdPeerAndText() throws Exception {
        // When
        speakingSide().say("501", Peer.direct("1001"), "Grüße, 你好 🦊");

        // Then
        InboundMessage message = hub().received().await(1).getFirst();
        assertThat(message.text()).isEqualTo("Grüße, 你好 🦊");
        assertThat(message.peer()).isEqualTo(Peer.direct("1001"));
        assertThat(message.remoteId()).isNotBlank();
        speakingSide().acknowledged().await(1);
    }

    @Test
    default void nothingIsAcknowledgedBeforeTheHubHasStoredIt() throws Exception {
        // Given
        hub().hold();

        // When
        speakingSide().say("501", Peer.direct("1001"), "hello");
        hub().received().await(1);

        // Then
        assertThat(speakingSide().acknowledged().all()).isEmpty();
        hub().release();
        assertThat(speakingSide().acknowledged().await(1)).containsExactly("501");
    }

    @Test
    default void whatTheHubHasNotStoredIsAcknowledgedOnlyWhenItComesAgainAndIsStored() throws Exception {
        // Given
        hub().refuseNext(NotAccepted.Reason.NOT_STORED, Duration.ofMillis(1));
        speakingSide().say("501", Peer.direct("1001"), "hello");
        hub().received().await(1);

        // When
        speakingSide().say("501", Peer.direct("1001"), "hello");
        hub().stored().await(1);
        speakingSide().acknowledged().await(1);
        speakingSide().say("502", Peer.direct("1001"), "and on");

        // Then
        assertThat(speakingSide().acknowledged().await(2)).containsExactly("501", "502");
    }

    @Test
    default void theSameMessageTwiceHasTheSameIdAndIsAcknowledgedTwice() throws Exception {
        // When
        speakingSide().say("501", Peer.direct("1001"), "hello");
        speakingSide().acknowledged().await(1);
        speakingSide().say("501", Peer.direct("1001"), "hello");

        // Then
        speakingSide().acknowledged().await(2);
        assertThat(hub().stored().all()).hasSize(1);
    }
}
