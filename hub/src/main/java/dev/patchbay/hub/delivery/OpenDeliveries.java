package dev.patchbay.hub.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The open deliveries of each channel by age, whatever their lanes. Part of the {@link LaneBook}, under its lock. */
final class OpenDeliveries {
    private final Map<String, Channel> channels = new HashMap<>();

    /** None expires before. */
    private Instant nextExpiry = Instant.MAX;

    private static final class Channel {
        final TreeMap<Long, QueuedDelivery> bySeq = new TreeMap<>();
        int count;
    }

    void add(QueuedDelivery delivery) {
        Channel channel = channels.computeIfAbsent(delivery.lane.channel(), absent -> new Channel());
        channel.count++;
        // One that is just ending may still be there; its end leaves this one alone.
        channel.bySeq.put(delivery.seq, delivery);
        expiresAgain(delivery);
    }

    /** It is not open any more. */
    void remove(QueuedDelivery delivery) {
        Channel channel = channels.get(delivery.lane.channel());
        if (channel != null) {
            channel.count--;
            channel.bySeq.remove(delivery.seq, delivery);
        }
    }

    boolean holds(String channel, long seq) {
        Channel found = channels.get(channel);
        return found != null && found.bySeq.containsKey(seq);
    }

    int depth(String channel) {
        Channel found = channels.get(channel);
        return found == null ? 0 : found.count;
    }

    /** Age of a channel's oldest; zero if none is open. */
    Duration oldest(String channel, Instant now) {
        Channel found = channels.get(channel);
        return found == null || found.bySeq.isEmpty()
                ? Duration.ZERO
                : Duration.between(found.bySeq.firstEntry().getValue().createdAt, now);
    }

    /** The oldest of a channel that nobody is busy with; it becomes busy. */
    @Nullable
    QueuedDelivery takeOldest(String channel) {
        Channel found = channels.get(channel);
        if (found != null) {
            for (QueuedDelivery each : found.bySeq.values()) {
                if (each.isFree()) {
                    each.busy = true;
                    return each;
                }
            }
        }
        return null;
    }

    /** Takes those whose time is over and that nobody is busy with; they become busy. */
    List<QueuedDelivery> takeExpired(Instant now, int most) {
        var expired = new ArrayList<QueuedDelivery>();
        if (now.isBefore(nextExpiry)) {
            return expired;
        }
        Instant next = Instant.MAX;
        for (Channel channel : channels.values()) {
            for (QueuedDelivery each : channel.bySeq.values()) {
                Instant end = each.expiresAt.isBefore(each.notEndedBefore) ? each.notEndedBefore : each.expiresAt;
                if (each.isFree() && !now.isBefore(end)) {
                    each.busy = true;
                    expired.add(each);
                    if (expired.size() >= most) {
                        return expired;
                    }
                } else {
                    next = end.isBefore(next) ? end : next;
                }
            }
        }
        nextExpiry = next;
        return expired;
    }

    /** One that was taken is looked at again when its time is over. */
    void expiresAgain(QueuedDelivery delivery) {
        nextExpiry = delivery.expiresAt.isBefore(nextExpiry) ? delivery.expiresAt : nextExpiry;
    }

    /** Those that nobody is busy with. */
    Stream<QueuedDelivery> idle() {
        return channels.values().stream()
                .flatMap(channel -> channel.bySeq.values().stream())
                .filter(each -> !each.busy);
    }
}
