package dev.patchbay.hub.ops;

import dev.patchbay.hub.delivery.Deliveries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A delivery queue that takes nothing more makes the hub degraded. */
public final class QueueHealth implements HealthSource {
    private final Deliveries deliveries;
    private final List<String> channels;

    public QueueHealth(Deliveries deliveries, List<String> channels) {
        this.deliveries = deliveries;
        this.channels = List.copyOf(channels);
    }

    @Override
    public String name() {
        return "queue";
    }

    @Override
    public HealthPart check() {
        Map<String, Object> facts = new LinkedHashMap<>();
        channels.forEach(channel -> facts.put(
                channel,
                Map.of(
                        "open", deliveries.depth(channel),
                        "oldest_seconds", deliveries.oldest(channel).toSeconds())));
        List<String> full = channels.stream()
                .filter(channel -> !deliveries.hasRoom(channel))
                .toList();
        return full.isEmpty()
                ? HealthPart.ok(facts)
                : new HealthPart(HealthStatus.DEGRADED, "the queue is full: " + String.join(", ", full), facts);
    }
}
