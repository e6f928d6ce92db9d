package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RequestRoomTest {
    private final AtomicBoolean crowded = new AtomicBoolean();

    @Test
    void asManyAsAllowedAreUnderWayAndFewWhenTheHubIsCrowded() {
        // Given
        var room = new RequestRoom(20, crowded::get);

        // When
        int calm = entered(room);
        for (int i = 0; i < calm; i++) {
            room.leave();
        }
        crowded.set(true);

        // Then
        assertThat(calm).isEqualTo(20);
        assertThat(entered(room)).isEqualTo(16);
    }

    private static int entered(RequestRoom room) {
        int count = 0;
        while (room.tryEnter()) {
            count++;
        }
        return count;
    }
}
