package dev.patchbay.plugin.discord;

import java.time.Duration;

/** Asks Discord until it answers, while the channel that wants to know waits. */
final class Patience {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration MAX = Duration.ofSeconds(20);

    /** A hiccup is nobody's business, more is; so is one silence, which lasts as long as a call may. */
    private static final int SILENT_TRIES = 2;

    private static final Duration SILENT_TIME = Duration.ofSeconds(5);

    private Patience() {}

    /** A question to Discord. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws ApiTrouble, InterruptedException;
    }

    static <T> T with(Health health, String channel, Question<T> question) throws InterruptedException {
        Duration pause = FIRST;
        long begin = System.nanoTime();
        for (int tried = 1; ; tried++) {
            try {
                T answer = question.ask();
                health.solved(channel);
                return answer;
            } catch (ApiTrouble | RuntimeException trouble) {
                // The latter over an answer of a shape that nobody expected.
                if (tried > SILENT_TRIES || System.nanoTime() - begin > SILENT_TIME.toNanos()) {
                    health.trouble(channel, "messages of channel " + channel + " wait: " + trouble.getMessage());
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(MAX) > 0 ? MAX : pause.multipliedBy(2);
            }
        }
    }
}
