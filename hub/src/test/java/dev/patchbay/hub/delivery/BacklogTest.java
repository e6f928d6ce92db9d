package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.store.DeliveryRef;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.TestStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BacklogTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private final Executor threads = task -> Thread.ofVirtual().start(task);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1_000, 1_001, 5_432})
    void bothReadersTogetherFindEveryOpenDeliveryOnceAndInOrder(int count) throws Exception {
        // Given
        try (Store store = TestStores.temporary(folder)) {
            fill(store, count);

            // When
            List<Long> found = all(Backlog.of(store, threads));

            // Then
            List<Long> stored = new ArrayList<>();
            for (var page = store.openDeliveries(0, 500);
                    !page.isEmpty();
                    page = store.openDeliveries(page.getLast().seq(), 500)) {
                page.forEach(each -> stored.add(each.seq()));
            }
            assertThat(stored).hasSize(count);
            assertThat(found).containsExactlyElementsOf(stored);
        }
    }

    @Test
    void aStoreThatCannotBeReadIsToldToWhoeverTakesUp() throws Exception {
        // Given
        Store store = TestStores.temporary(folder);
        store.close();

        // When
        Backlog backlog = Backlog.of(store, threads);

        // Then
        assertThatThrownBy(backlog::next).isInstanceOf(StoreException.class);
    }

    private static List<Long> all(Backlog backlog) throws InterruptedException {
        var found = new ArrayList<Long>();
        for (List<DeliveryRef> page = backlog.next(); !page.isEmpty(); page = backlog.next()) {
            page.forEach(each -> found.add(each.seq()));
        }
        return found;
    }

    private void fill(Store store, int count) throws Exception {
        List<Thread> writers = IntStream.range(0, count)
                .mapToObj(number -> Thread.ofVirtual().start(() -> {
                    try {
                        store.enqueue(delivery(number), Optional.empty());
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .toList();
        for (Thread each : writers) {
            each.join();
        }
    }

    private static NewDelivery delivery(int number) {
        return new NewDelivery(
                "d" + number,
                new LaneKey("webhook", "default", "direct", "peer-" + number % 7, null),
                null,
                null,
                ("message " + number).getBytes(StandardCharsets.UTF_8),
                1,
                NOW,
                NOW.plus(Duration.ofDays(7)));
    }
}
