package dev.patchbay.hub.delivery;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How a channel's queue behaves.
 *
 * @param backoff pauses after the first, second, … failed attempt; the last one repeats; not empty
 * @param attempts after so many failed ones a delivery is a dead letter; from 1
 * @param queueLimit most open deliveries of the channel; from 1
 * @param dropOldest what to do when it is reached: discard the oldest one that is not being sent, or refuse the new one
 * @param ttl a delivery that is older is not sent any more
 * @param jitter a pause is longer by up to this part of itself, so that peers that failed together do not come back together;
 *     from 0 to 1
 */
public record DeliveryPolicy(
        List<Duration> backoff, int attempts, int queueLimit, boolean dropOldest, Duration ttl, double jitter) {

    private static final Duration PROBE_MAX = Duration.ofSeconds(60);

    public DeliveryPolicy {
        backoff = List.copyOf(backoff);
        if (backoff.isEmpty() || attempts < 1 || queueLimit < 1) {
            throw new IllegalArgumentException("a delivery policy needs a back-off, an attempt and room for a message");
        }
    }

    /** How long a troubled account is left alone at first. */
    Duration firstProbe() {
        return backoff.getFirst().compareTo(longestProbe()) < 0 ? backoff.getFirst() : longestProbe();
    }

    /** How long it is left alone at most: never longer than a single message would be. */
    Duration longestProbe() {
        return backoff.getLast().compareTo(PROBE_MAX) < 0 ? backoff.getLast() : PROBE_MAX;
    }

    /**
     * The pause after failed attempt number {@code attempts}: from the table and its jitter, and never shorter than the platform asked for.
     */
    Duration pauseAfter(int failed, Duration asked, RandomGenerator random) {
        Duration base = backoff.get(Math.min(Math.max(failed, 1), backoff.size()) - 1);
        Duration pause = base.plusNanos((long) (base.toNanos() * jitter * random.nextDouble()));
        return pause.compareTo(asked) < 0 ? asked : pause;
    }
}
