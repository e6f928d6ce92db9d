package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.Limits;
import dev.patchbay.fakes.telegram.SentMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What Telegram allows is used: compared with its own published limits, and with nothing beside it. */
@Isolated
class TelegramPaceScenario {
    /** To one chat, one per second after the first three: {@code -Dpatchbay.messages=30} for a longer look. */
    private static final int TO_ONE = Integer.getInteger("patchbay.messages", 13);

    @TempDir
    Path folder;

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot first = telegram.addBot("42:first", "first_bot");

    @AfterEach
    void stop() {
        telegram.close();
    }

    @Test
    void manyMessagesGoOutAlmostAsFastAsTelegramAllows() throws Exception {
        try (HubProcess hub = start()) {
            // Given
            first.enforce(Limits.published());
            FakeChat busy = first.direct(7);
            List<FakeChat> others = IntStream.range(0, 100)
                    .mapToObj(i -> first.direct(1_000 + i))
                    .toList();
            Rpc rpc = hub.rpc();

            // When
            for (int i = 0; i < TO_ONE; i++) {
                rpc.call("messages.send", "channel", "telegram", "to", "7", "text", "n" + i);
            }
            List<SentMessage> one = busy.awaitSeen(TO_ONE, Duration.ofSeconds(60L + TO_ONE));
            // What was sent in the last second counts: a fresh second for the second measurement.
            Bounded.pass(Duration.ofMillis(1_200));
            for (int round = 0; round < 3; round++) {
                for (FakeChat each : others) {
                    rpc.call(
                            "messages.send",
                            "channel",
                            "telegram",
                            "to",
                            Long.toString(each.id()),
                            "text",
                            "r" + round);
                }
            }
            for (FakeChat each : others) {
                each.awaitSeen(3, Duration.ofSeconds(60));
            }

            // Then
            assertThat(one)
                    .extracting(SentMessage::text)
                    .containsExactlyElementsOf(
                            IntStream.range(0, TO_ONE).mapToObj(i -> "n" + i).toList());
            List<SentMessage> all =
                    others.stream().flatMap(each -> each.seen().stream()).toList();
            double toOne = 1 / usualSeconds(3, 1, one);
            double inAll = 1 / usualSeconds(30, 30, all);
            double toOneOverall = (TO_ONE - 3) / secondsAfter(3, one);
            double inAllOverall = (300 - 30) / 30.0 / secondsAfter(30, all);
            System.out.printf(
                    "telegram pace: %.3f of the rate to one chat, %.3f of the rate in all; hold-ups included %.3f,"
                            + " %.3f%n",
                    toOne, inAll, toOneOverall, inAllOverall);
            assertThat(toOne).as("share of one per second").isGreaterThanOrEqualTo(0.95);
            assertThat(inAll).as("share of thirty per second").isGreaterThanOrEqualTo(0.95);
            // A machine that others use, too, holds up one or the other message; the hub must not do so again and
            // again.
            assertThat(toOneOverall).as("of one per second, overall").isGreaterThanOrEqualTo(0.7);
            assertThat(inAllOverall).as("of thirty per second, overall").isGreaterThanOrEqualTo(0.7);
            assertThat(first.tooManyRequests()).isLessThanOrEqualTo(1);
        }
    }

    /** From the last message of the burst that is allowed at once to the last of all. */
    private static double secondsAfter(int burst, List<SentMessage> messages) {
        long[] at = arrivals(messages);
        return (at[at.length - 1] - at[burst - 1]) / 1e9;
    }

    /** How long {@code count} messages in a row take after that burst: the median, which a held up message does not move. */
    private static double usualSeconds(int burst, int count, List<SentMessage> messages) {
        long[] at = arrivals(messages);
        long[] took = IntStream.range(burst - 1, at.length - count)
                .mapToLong(i -> at[i + count] - at[i])
                .sorted()
                .toArray();
        return took[took.length / 2] / 1e9;
    }

    private static long[] arrivals(List<SentMessage> messages) {
        return messages.stream().mapToLong(SentMessage::arrivedNanos).sorted().toArray();
    }

    private HubProcess start() throws Exception {
        HubProcess hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              telegram:
                accounts:
                  default: { token: "42:first", api-url: "%s", dm-policy: open }
            """.formatted(telegram.url()));
        hub.awaitRunning("telegram", 1);
        return hub;
    }
}
