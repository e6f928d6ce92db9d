package dev.patchbay.hub.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.hub.store.DeliveryState;
import dev.patchbay.hub.store.LaneKey;
import dev.patchbay.hub.store.NewDelivery;
import dev.patchbay.hub.store.NewInbound;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.TestStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FilesNamedInStoreTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final AttachmentId IN = new AttachmentId("a".repeat(64));
    private static final AttachmentId OUT = new AttachmentId("b".repeat(64));
    private static final AttachmentId LINKED = new AttachmentId("c".repeat(64));
    private static final AttachmentId OVER = new AttachmentId("d".repeat(64));

    @Test
    void filesOfWaitingMessagesAndOpenDeliveriesAreNamedAndThoseOfEndedOnesAreNot(@TempDir Path folder)
            throws Exception {
        try (Store store = TestStores.temporary(folder)) {
            // Given
            store.accept(
                    new NewInbound("m1", "agent:main:main", "main", "webhook", Optional.empty(), body(IN.url()), NOON));
            store.enqueue(delivery("d1", OUT.url()), Optional.empty());
            store.enqueue(
                    delivery("d2", "see https://hub.example/attachments/" + LINKED.hex() + "?sig=x"), Optional.empty());
            store.enqueue(delivery("d3", OVER.url()), Optional.empty());
            store.end(List.of("d3"), DeliveryState.DISCARDED, "test", NOON);

            // Then
            assertThat(new FilesNamedInStore(store).now()).containsExactlyInAnyOrder(IN, OUT, LINKED);
        }
    }

    private static NewDelivery delivery(String id, String named) {
        return new NewDelivery(
                id,
                new LaneKey("webhook", "default", "direct", "anna", null),
                null,
                null,
                body(named),
                1,
                NOON,
                NOON.plus(Duration.ofDays(7)));
    }

    private static byte[] body(String named) {
        return ("{\"text\":\"" + named + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
