package dev.patchbay.plugin.discord;

import java.time.Duration;

/** Asks Discord until it answers, while the channel that wants to know waits. */
final class Patience {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration MAX = Duration.ofSeconds(20);

    /** A hiccup is nobody's business, more is. */
    private static final int SILENT_TRIES = 2;

    private Patience() {}

    /** A question to Discord. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws ApiTrouble, InterruptedException;
    }

    static <T> T with(Health health, String channel, Question<T> question) throws InterruptedException {
        Duration pause = FIRST;
        for (int tried = 1; ; tried++) {
            try {
                T answer = question.ask();
                health.solved(channel);
                return answer;
            } catch (ApiTrouble trouble) {
                if (tried > SILENT_TRIES) {
                    health.trouble(channel, "messages of channel " + channel + " wait: " + trouble.getMessage());
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(MAX) > 0 ? MAX : pause.multipliedBy(2);
            }
        }
    }
}
