package dev.patchbay.hub.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeapGuardTest {
    private volatile double used = 0.5;
    private volatile double afterLettingGo = 0.5;
    private final AtomicInteger collections = new AtomicInteger();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final HeapGuard guard;

    HeapGuardTest() {
        guard = new HeapGuard(
                () -> used,
                () -> {
                    used = afterLettingGo;
                    collections.incrementAndGet();
                },
                () -> {
                    letGo.countDown();
                    throw new IllegalStateException("what lets go may fail");
                });
    }

    @AfterEach
    void close() {
        guard.close();
    }

    @Test
    void aHeapThatIsHalfFullIsNotTight() {
        // When
        guard.ring();

        // Then
        assertThat(guard.isTight()).isFalse();
    }

    @Test
    void aTightHeapIsClearedAndOpensAgainByItself() throws Exception {
        // Given
        used = 0.95;
        afterLettingGo = 0.95;

        // When
        guard.ring();
        boolean tight = guard.isTight();
        boolean toldToLetGo = letGo.await(10, TimeUnit.SECONDS);
        afterLettingGo = 0.3;
        used = 0.3;

        // Then
        assertThat(tight).isTrue();
        assertThat(toldToLetGo).isTrue();
        while (guard.isTight()) {
            Thread.onSpinWait();
        }
        assertThat(collections.get()).isLessThan(5);
    }
}
