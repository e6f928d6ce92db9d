package dev.patchbay.hub.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ordinary records for tests of the store. */
final class Samples {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final LaneKey ANNA = new LaneKey("webhook", "default", "direct", "anna", null);

    private Samples() {}

    static NewInbound message(String id) {
        return message(id, Optional.empty());
    }

    static NewInbound message(String id, Optional<DedupKey> dedup) {
        return new NewInbound(id, session("anna"), "main", "webhook", dedup, bytes("body of " + id), NOON);
    }

    static DedupKey key(String key, String fingerprint) {
        return new DedupKey(key, fingerprint, NOON.plus(Duration.ofDays(1)));
    }

    static String session(String peer) {
        return "agent:main:webhook:direct:" + peer;
    }

    static SessionIdentity identity(String peer) {
        return new SessionIdentity(session(peer), "main", "webhook", "default", "direct", peer);
    }

    static NewDelivery delivery(String id) {
        return delivery(id, ANNA, "body of " + id);
    }

    static NewDelivery delivery(String id, LaneKey lane, String body) {
        return new NewDelivery(id, lane, null, null, bytes(body), 1, NOON, NOON.plus(Duration.ofDays(7)));
    }

    static TurnEnd turn(String messageId, String peer) {
        return new TurnEnd(
                messageId,
                identity(peer),
                List.of(
                        new NewLine(messageId, "user", "question " + messageId, NOON, Map.of("channel", "webhook")),
                        new NewLine(
                                messageId + "-a",
                                "assistant",
                                "answer " + messageId,
                                NOON.plusSeconds(1),
                                Map.of("reply_to", messageId))),
                List.of());
    }

    static AttemptEnd end(String deliveryId, DeliveryState state, int attempts, String outcome) {
        boolean arrived = outcome.equals("delivered");
        return new AttemptEnd(
                deliveryId,
                state,
                attempts,
                state == DeliveryState.DELIVERED ? 1 : 0,
                outcome,
                arrived ? null : "the server said " + outcome,
                arrived ? "remote-" + deliveryId : null,
                NOON.plusSeconds(attempts),
                NOON.plusSeconds(60),
                false);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
