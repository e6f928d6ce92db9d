package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RequestRoomTest {
    private final AtomicBoolean crowded = new AtomicBoolean();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void asManyAsAllowedAreUnderWayAndFewWhenTheHubIsCrowded() {
        // Given
        var room = new RequestRoom(20, crowded::get, nanos::get);

        // When
        int calm = entered(room);
        for (int i = 0; i < calm; i++) {
            room.leave(false);
        }
        crowded.set(true);

        // Then
        assertThat(calm).isEqualTo(20);
        assertThat(entered(room)).isEqualTo(16);
    }

    @Test
    void whoMeetsSomethingFullIsNotListenedToForAMoment() {
        // Given
        var room = new RequestRoom(20, crowded::get, nanos::get);
        assertThat(room.tryEnter()).isTrue();
        assertThat(room.tryEnter()).isTrue();

        // When
        room.leave(true);
        room.leave(true);
        nanos.addAndGet(2 * RequestRoom.PAUSE.toNanos() - 1);
        boolean within = room.tryEnter();
        nanos.addAndGet(1);

        // Then
        assertThat(within).isFalse();
        assertThat(room.tryEnter()).isTrue();
    }

    @Test
    void whoFloodsIsListenedToAgainBeforeLong() {
        // Given
        var room = new RequestRoom(1_000, crowded::get, nanos::get);
        int flood = entered(room);

        // When
        for (int i = 0; i < flood; i++) {
            room.leave(true);
        }
        boolean before = room.tryEnter();
        nanos.addAndGet(RequestRoom.PAUSE_MAX.toNanos());

        // Then
        assertThat(before).isFalse();
        assertThat(room.tryEnter()).isTrue();
    }

    @Test
    void whoWaitsIsLetInWhenThePauseIsOver() throws Exception {
        // Given
        var room = new RequestRoom(1, crowded::get, System::nanoTime);
        room.enter();
        room.leave(true);
        assertThat(room.tryEnter()).isFalse();

        // When
        room.enter();

        // Then
        assertThat(room.tryEnter()).isFalse();
    }

    private static int entered(RequestRoom room) {
        int count = 0;
        while (room.tryEnter()) {
            count++;
        }
        return count;
    }
}
