package dev.patchbay.fakes.telegram;

import java.time.Duration;

/**
 * How many messages a bot may send. Edits count against {@code overall} only, calls that show nothing in a chat not at all.
 *
 * @param chatBurst messages to one chat at once
 * @param chatEvery then one in this time
 * @param group messages to one group within {@code groupWindow}, beside the two above
 * @param overall messages of one bot within any one second
 */
public record Limits(int chatBurst, Duration chatEvery, int group, Duration groupWindow, int overall) {

    /** What Telegram publishes: 1/s to a chat (short bursts pass), 20 a minute to a group, 30/s in all. */
    public static Limits published() {
        return new Limits(3, Duration.ofSeconds(1), 20, Duration.ofMinutes(1), 30);
    }

    /** None. */
    public static Limits none() {
        int any = Integer.MAX_VALUE;
        return new Limits(any, Duration.ofSeconds(1), any, Duration.ofMinutes(1), any);
    }
}
