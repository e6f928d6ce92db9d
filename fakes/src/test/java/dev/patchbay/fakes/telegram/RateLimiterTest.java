package dev.patchbay.fakes.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private long now = -5_000_000_000L;
    private final RateLimiter limiter = new RateLimiter(() -> now);

    @BeforeEach
    void enforce() {
        limiter.limits(Limits.published());
    }

    @Test
    void aChatTakesThreeAtOnceAndThenOneASecond() {
        // Given
        sends(7, 3);

        // When
        assertThatThrownBy(() -> send(7)).hasMessage("Too Many Requests: retry after 1");
        pass(Duration.ofSeconds(1));
        send(7);

        // Then
        assertThatThrownBy(() -> send(7)).isInstanceOf(ApiError.class);
        assertThat(limiter.refused()).isEqualTo(2);
        assertThat(limiter.early()).isZero();
    }

    @Test
    void aWaitIsToldInWholeSecondsRoundedUpAndWatched() {
        // Given
        sends(7, 3);
        pass(Duration.ofMillis(100));

        // When
        assertThatThrownBy(() -> send(7)).hasMessageEndingWith("retry after 1");
        pass(Duration.ofMillis(950));

        // Then
        assertThatThrownBy(() -> send(7)).hasMessageEndingWith("retry after 1");
        assertThat(limiter.early()).isEqualTo(1);
        pass(Duration.ofMillis(50));
        send(7);
    }

    @Test
    void aGroupTakesTwentyAMinute() {
        // Given
        for (int i = 0; i < 20; i++) {
            limiter.admitMessages(-5, true, 1);
            pass(Duration.ofSeconds(1));
        }

        // Then
        assertThatThrownBy(() -> limiter.admitMessages(-5, true, 1)).hasMessageEndingWith("retry after 40");
        pass(Duration.ofSeconds(40));
        limiter.admitMessages(-5, true, 1);
    }

    @Test
    void thirtyASecondInAllAndThenTheWholeBotWaits() {
        // Given
        for (int chat = 1; chat <= 30; chat++) {
            send(chat);
        }

        // When
        assertThatThrownBy(() -> send(31)).hasMessageEndingWith("retry after 1");

        // Then
        assertThatThrownBy(limiter::admitCall).hasMessageEndingWith("retry after 1");
        pass(Duration.ofSeconds(1));
        limiter.admitCall();
        send(31);
    }

    @Test
    void editsCountInAllButNotInTheChat() {
        // Given
        for (int i = 0; i < 30; i++) {
            limiter.admitEdit(7);
        }

        // Then
        assertThatThrownBy(() -> limiter.admitEdit(7)).isInstanceOf(ApiError.class);
        pass(Duration.ofSeconds(1));
        sends(7, 3);
    }

    @Test
    void anAlbumCountsEachOfItsParts() {
        // Given
        limiter.admitMessages(-5, true, 10);
        pass(Duration.ofSeconds(10));
        limiter.admitMessages(-5, true, 10);
        pass(Duration.ofSeconds(10));

        // Then
        assertThatThrownBy(() -> limiter.admitMessages(-5, true, 1)).hasMessageEndingWith("retry after 40");
    }

    @Test
    void withoutLimitsNothingIsRefused() {
        // Given
        limiter.limits(Limits.none());

        // When
        sends(7, 1_000);

        // Then
        assertThat(limiter.refused()).isZero();
    }

    private void send(long chat) {
        limiter.admitMessages(chat, false, 1);
    }

    private void sends(long chat, int times) {
        for (int i = 0; i < times; i++) {
            send(chat);
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
