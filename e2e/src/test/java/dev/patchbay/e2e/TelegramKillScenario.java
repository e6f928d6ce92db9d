package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.SentMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while people talk to a Telegram bot: 4 rounds by default, {@code -Dpatchbay.rounds=N} for more, {@code
 * -Dpatchbay.seed=N} to choose the moments again. Telegram hands an update out until it is confirmed, and has no way to recognise a
 * message that is sent twice.
 */
class TelegramKillScenario {
    private static final int PEOPLE = 10;
    private static final int ROUNDS = Integer.getInteger("patchbay.rounds", 4);
    private static final long SEED = Long.getLong("patchbay.seed", System.nanoTime());

    @TempDir
    Path folder;

    private final AtomicIntegerArray said = new AtomicIntegerArray(PEOPLE);
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void everyUpdateGetsOneTurnAndEveryAnswerArrivesInOrder() throws Exception {
        System.out.println("telegram kill rounds: " + ROUNDS + ", seed " + SEED);
        var random = new Random(SEED);
        try (var telegram = FakeTelegram.start()) {
            // Given
            FakeBot bot = telegram.addBot("42:first", "first_bot");
            List<FakeChat> chats = IntStream.range(0, PEOPLE)
                    .mapToObj(i -> bot.direct(100 + i))
                    .toList();
            String yaml = yaml(telegram);
            HubProcess hub = HubProcess.start(folder, yaml);
            Thread people = Thread.ofVirtual().start(() -> talk(chats));

            // When
            for (int round = 0; round < ROUNDS; round++) {
                Bounded.pass(Duration.ofMillis(700 + random.nextInt(1_500)));
                hub.kill();
                hub = HubProcess.start(folder, yaml);
            }
            over.set(true);
            people.join();
            try (HubProcess last = hub) {
                Bounded.until(Duration.ofMinutes(2), () -> chats.stream()
                        .allMatch(chat -> distinct(chat).size() == said.get(chats.indexOf(chat))));
                Bounded.until(Duration.ofSeconds(10), () -> bot.unconfirmed() == 0);
                Set<String> marked = marked(last.rpc());
                last.terminate();

                // Then
                judge(chats, marked);
            }
        }
    }

    private void judge(List<FakeChat> chats, Set<String> marked) {
        int repeats = 0;
        for (FakeChat chat : chats) {
            List<String> seen = chat.seen().stream().map(SentMessage::text).toList();
            var once = new LinkedHashSet<>(seen);
            assertThat(once.stream().map(Integer::parseInt).toList())
                    .as("answers of %s, in order", chat.id())
                    .isSorted()
                    .hasSize(said.get(chats.indexOf(chat)));
            int repeated = seen.size() - once.size();
            assertThat(repeated).as("repeats in %s", chat.id()).isLessThanOrEqualTo(ROUNDS);
            var again = new ArrayList<>(seen);
            once.forEach(again::remove);
            assertThat(again).as("repeats are marked").allSatisfy(text -> assertThat(chat.seen())
                    .anyMatch(message ->
                            message.text().equals(text) && marked.contains(chat.id() + " " + message.messageId())));
            repeats += repeated;
        }
        int total = IntStream.range(0, PEOPLE).map(said::get).sum();
        System.out.println("telegram kill rounds: " + total + " said, 0 lost, " + repeats + " repeated and marked");
        assertThat(total).as("the load was real").isGreaterThan(PEOPLE * ROUNDS);
    }

    private void talk(List<FakeChat> chats) {
        try {
            while (!over.get()) {
                for (int i = 0; i < PEOPLE; i++) {
                    chats.get(i).userSays(Integer.toString(said.incrementAndGet(i)));
                }
                Bounded.pass(Duration.ofMillis(250));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<String> distinct(FakeChat chat) {
        return chat.seen().stream().map(SentMessage::text).collect(Collectors.toSet());
    }

    /** Platform ids of those deliveries that say of themselves that they may have arrived twice, as {@code CHAT MESSAGE}. */
    private static Set<String> marked(Rpc rpc) throws Exception {
        List<JsonNode> deliveries = rpc.all("deliveries.list", "deliveries");
        var marked = new HashSet<String>();
        for (JsonNode each : deliveries) {
            if (each.path("possibly_repeated").asBoolean()) {
                String peer = each.path("to").path("id").asText(each.path("to").asText());
                each.path("remote_ids")
                        .forEach(id -> marked.add(peer + " " + id.asText().replaceFirst(".*:", "")));
            }
        }
        return marked;
    }

    private static String yaml(FakeTelegram telegram) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              telegram:
                accounts:
                  default:
                    token: "42:first"
                    api-url: "%s"
                    dm-policy: open
                    pacing: { per-second: 1000, burst: 100, interval: 10ms }
            delivery: { backoff: [200ms, 500ms], attempts: 10 }
            """.formatted(telegram.url());
    }
}
