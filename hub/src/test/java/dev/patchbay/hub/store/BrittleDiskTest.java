package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.BrittleDisk.Trouble;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that fails under a running store. */
@Timeout(60)
class BrittleDiskTest {
    private final Path folder;
    private Store store;

    BrittleDiskTest(@TempDir Path folder) {
        this.folder = folder;
        BrittleDisk.register();
        this.store = open();
    }

    @BeforeEach
    void storeOneMessage() throws Exception {
        store.accept(message("before"));
    }

    @AfterEach
    void close() {
        BrittleDisk.is(Trouble.NONE);
        store.close();
    }

    @Test
    void aFullDiskIsToldAndTheStoreComesBackByItselfWhenThereIsRoom() throws Exception {
        // Given
        BrittleDisk.is(Trouble.FULL);
        var refused = catchThrowableOfType(StoreException.class, () -> store.accept(message("during")));
        StoreStatus during = store.status();

        // When
        BrittleDisk.is(Trouble.NONE);
        acceptWhenItIsBack("after");

        // Then
        assertThat(refused.kind()).isEqualTo(StoreException.Kind.NO_ROOM);
        assertThat(during.writable()).isFalse();
        assertThat(during.detail()).contains("disk is full");
        assertThat(store.status().writable()).isTrue();
        assertThat(store.pendingInbound(0, 10))
                .extracting(InboundRef::messageId)
                .containsExactly("before", "after");
    }

    @Test
    void whatASyncThatFailedLeavesOpenIsSettledBeforeAnybodyIsTold() throws Exception {
        // Given
        BrittleDisk.is(Trouble.FORCE_FAILS);

        // When
        var refused = catchThrowableOfType(StoreException.class, () -> store.accept(message("during")));
        BrittleDisk.is(Trouble.NONE);
        acceptWhenItIsBack("after");

        // Then
        assertThat(refused.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
        store.completeTurn(turn("before", "anna"));
        store.close();
        store = open();
        assertThat(store.inbound("before")).isEmpty();
        assertThat(store.inbound("after")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "READ_ONLY", "BROKEN"})
    void whateverStopsTheWritesEveryReaderAndWriterGoesOnAfterwards(Trouble trouble) throws Exception {
        // Given
        BrittleDisk.is(trouble);
        for (int i = 0; i < 20; i++) {
            refused(() -> store.accept(message("during")));
            refused(() -> store.pendingInbound(0, 10));
        }
        int failures = store.status().failuresInARow();

        // When
        BrittleDisk.is(Trouble.NONE);
        acceptWhenItIsBack("after");

        // Then
        assertThat(failures).isPositive();
        for (int i = 0; i < 100; i++) {
            assertThat(store.pendingInbound(0, 10))
                    .extracting(InboundRef::messageId)
                    .containsExactly("before", "after");
        }
        assertThat(store.status().failuresInARow()).isZero();
    }

    @Test
    void aReaderThatSlippedInWhileTheDatabaseWasExchangedDoesNotKeepItFromComingBack() throws Exception {
        var over = new AtomicBoolean();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                var unused = readers.submit(() -> {
                    while (!over.get()) {
                        refused(() -> store.pendingInbound(0, 10));
                    }
                    return null;
                });
            }

            // When
            for (int round = 0; round < 10; round++) {
                BrittleDisk.is(round % 2 == 0 ? Trouble.FULL : Trouble.FORCE_FAILS);
                refused(() -> store.accept(message("during")));
                BrittleDisk.is(Trouble.NONE);
                acceptWhenItIsBack("after-" + round);
            }
            over.set(true);
        }

        // Then
        assertThat(store.pendingInbound(0, 100))
                .extracting(InboundRef::messageId)
                .contains("before", "after-0", "after-9");
    }

    /** Tries something that may fail, and in the ways of a store only. */
    private static boolean refused(Callable<?> what) throws Exception {
        try {
            what.call();
            return false;
        } catch (StoreException expected) {
            return true;
        }
    }

    private Store open() {
        return H2Store.open(
                StoreOptions.of("jdbc:h2:brittle:" + folder.toAbsolutePath().resolve("hub"), folder, 0),
                Clock.systemUTC(),
                Meters.NONE);
    }

    /** Bounded by the test's own time limit: the store tries again within seconds. */
    private void acceptWhenItIsBack(String id) throws InterruptedException {
        while (true) {
            try {
                store.accept(message(id));
                return;
            } catch (StoreException notYet) {
                Thread.onSpinWait();
            }
        }
    }
}
