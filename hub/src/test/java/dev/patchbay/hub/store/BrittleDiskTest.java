package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.store.BrittleDisk.Trouble;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
