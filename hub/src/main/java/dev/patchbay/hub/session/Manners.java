package dev.patchbay.hub.session;

import java.time.Duration;
import java.util.function.Function;

/**
 * How messages of one session meet each other.
 *
 * @param busy by the agent's id
 * @param debounce by channel: so long nothing may follow before a message's turn begins; zero: it begins at once
 */
public record Manners(Function<String, Busy> busy, Function<String, Duration> debounce) {
    /** Every message has a turn of its own, one after the other. */
    public static final Manners PLAIN = new Manners(agent -> Busy.QUEUE, channel -> Duration.ZERO);
}
