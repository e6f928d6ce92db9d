package dev.patchbay.hub.store;

import static dev.patchbay.hub.store.Samples.message;
import static dev.patchbay.hub.store.Samples.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.StoreException.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The store of the simulations keeps the promises of a real one, and those of its gate. */
class MemoryStoreContractTest extends StoreContract {
    private @Nullable MemoryStore memory;

    @Override
    protected Store open() {
        return open(MemoryStore.Gate.OPEN);
    }

    @Test
    void whatTheGateRefusesHasNotHappenedAndTheStatusSaysSo() throws Exception {
        // Given
        store = open(new Stop("accept", false));

        // When
        assertThatThrownBy(() -> store.accept(message("m1"))).satisfies(isA(Kind.UNAVAILABLE));

        // Then
        assertThat(store.inbound("m1")).isEmpty();
        assertThat(store.status().writable()).isFalse();
        store.probe();
        assertThat(store.status().writable()).isTrue();
    }

    @Test
    void whatStopsBehindTheCommitHasHappened() throws Exception {
        // Given
        store = open(new Stop("accept", true));

        // When
        assertThatThrownBy(() -> store.accept(message("m1"))).satisfies(isA(Kind.UNAVAILABLE));
        Store before = store;
        store = open();

        // Then
        assertThat(store.inbound("m1")).isPresent();
        assertThatThrownBy(() -> before.inbound("m1")).satisfies(isA(Kind.UNAVAILABLE));
    }

    @Test
    void readingsPassTheGateOnceAndWritingsTwice() throws Exception {
        // Given
        var passed = new ArrayList<String>();
        store = open(new MemoryStore.Gate() {
            @Override
            public void before(String operation) {
                passed.add("before " + operation);
            }

            @Override
            public void committed(String operation) {
                passed.add("committed " + operation);
            }
        });

        // When
        store.accept(message("m1"), Optional.empty());
        store.inbound("m1");
        store.completeTurn(turn("m1", "anna"));

        // Then
        assertThat(passed)
                .isEqualTo(List.of(
                        "before accept",
                        "committed accept",
                        "before inbound",
                        "before completeTurn",
                        "committed completeTurn"));
    }

    private MemoryStore open(MemoryStore.Gate gate) {
        MemoryStore next = memory == null ? new MemoryStore(Clock.systemUTC(), gate) : memory.reopened(gate);
        memory = next;
        return next;
    }

    /** Refuses one operation, before it or behind its commit. */
    private record Stop(String what, boolean behind) implements MemoryStore.Gate {
        @Override
        public void before(String operation) {
            refuse(operation, !behind);
        }

        @Override
        public void committed(String operation) {
            refuse(operation, behind);
        }

        private void refuse(String operation, boolean here) {
            if (here && operation.equals(what)) {
                throw new StoreException(Kind.UNAVAILABLE, "the gate is shut");
            }
        }
    }
}
