package dev.patchbay.hub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Receipt;
import dev.patchbay.hub.store.MemoryStore;
import dev.patchbay.hub.store.TroubledDisk;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that fails for a moment costs time, never a turn; also when it has stored what it says it has not. */
class InboxAndStoreTroubleTest extends SessionFixture {
    private final TroubledDisk disk = new TroubledDisk();

    @BeforeEach
    void standOnATroubledDisk() throws Exception {
        store.close();
        store = new MemoryStore(world.clock(), disk);
        wireWithoutStart();
        inbox.start();
    }

    @Test
    void aMessageThatWasStoredThoughItWasDeniedHasItsTurnWhenItIsRepeated() throws Exception {
        // Given
        disk.willDeny("accept");
        assertThatThrownBy(() -> receive("u1", "hello")).isInstanceOf(NotAccepted.class);

        // When
        Receipt receipt = receive("u1", "hello");
        Receipt again = receive("u1", "hello");
        world.settle();

        // Then
        assertThat(receipt.duplicate()).isTrue();
        assertThat(again.messageId()).isEqualTo(receipt.messageId());
        assertThat(asked).containsExactly("hello");
        assertThat(queued()).hasSize(1);
    }

    @Test
    void aTurnThatWasStoredThoughItWasDeniedIsAnsweredAllTheSame() throws Exception {
        // Given
        disk.willDeny("completeTurn");

        // When
        TurnOutcome outcome =
                conversations.send(chat("hello", null)).await(LONG).orElseThrow();

        // Then
        assertThat(outcome.status()).isEqualTo(TurnOutcome.Status.ANSWERED);
        assertThat(outcome.text()).isEqualTo("re: hello");
        assertThat(asked).containsExactly("hello");
    }

    @Test
    void aMessageThatCannotBeReadNowHasItsTurnAMomentLater() throws Exception {
        // Given
        String essay = "long ".repeat(5_000).strip();
        disk.willRefuse("inbound");

        // When
        receive("u1", essay);
        world.settle();

        // Then
        assertThat(asked).containsExactly(essay);
        assertThat(store.pendingInbound(0, 10)).isEmpty();
    }

    private Receipt receive(String remoteId, String text) throws Exception {
        return door.receive("webhook", "default", message(remoteId, text), Optional.empty());
    }
}
