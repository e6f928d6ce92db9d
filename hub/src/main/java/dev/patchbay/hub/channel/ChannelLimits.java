package dev.patchbay.hub.channel;

import java.time.Duration;

/**
 * How long plugins may take.
 *
 * @param start for opening an account, and for each question asked before: {@code plugins.start-timeout}
 * @param attempt for one delivery: {@code delivery.attempt-timeout}
 * @param close for closing an account
 */
public record ChannelLimits(Duration start, Duration attempt, Duration close) {
    public static final ChannelLimits DEFAULT =
            new ChannelLimits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
