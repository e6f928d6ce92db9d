package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.Channel;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Guild;
import dev.patchbay.fakes.discord.User;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} while people talk to a Discord bot in direct chats and guild channels: 4 rounds by default, {@code
 * -Dpatchbay.rounds=N} for more, {@code -Dpatchbay.seed=N} to choose the moments again. Discord tells nothing twice, but keeps a
 * history, and knows a message again by its nonce: so nothing may be lost, and nothing repeated.
 */
class DiscordKillScenario {
    private static final int PEOPLE = 6;
    private static final int CHANNELS = 4;
    private static final int ROUNDS = Integer.getInteger("patchbay.rounds", 4);
    private static final long SEED = Long.getLong("patchbay.seed", System.nanoTime());
    private static final String ACCOUNT = """
        default:
          { token: token, %1$s, dm-policy: open, pacing: { burst: 100, interval: 10ms, per-second: 1000 } }
        """;

    @TempDir
    Path folder;

    private final FakeDiscord discord = FakeDiscord.start();
    private final Bot bot = discord.addBot("token", "bot");
    private final List<Place> places = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /** Where one person counts, and how far they have come. */
    private record Place(Channel channel, User person, String address, String sessionKey, AtomicInteger said) {}

    @AfterEach
    void stop() {
        discord.close();
    }

    @Test
    void everyMessageGetsOneTurnAndEveryAnswerArrivesOnceAndInOrder() throws Exception {
        System.out.println("discord kill rounds: " + ROUNDS + ", seed " + SEED);
        var random = new Random(SEED);
        // Given
        populate();
        HubProcess hub = start();
        DiscordHub.awaitRunning(hub.rpc(), "discord", 1);
        places.forEach(this::speak);
        Bounded.until(DiscordHub.SOON, this::isAllAnswered);
        Thread people = Thread.ofVirtual().start(this::talk);

        // When
        for (int round = 0; round < ROUNDS; round++) {
            Bounded.pass(Duration.ofMillis(500 + random.nextInt(1_500)));
            hub.kill();
            hub = start();
        }
        over.set(true);
        people.join();
        try (HubProcess last = hub) {
            try {
                Bounded.until(Duration.ofMinutes(2), this::isAllAnswered);
            } catch (AssertionError missing) {
                System.out.println(last.log());
                places.forEach(each -> System.out.println(each + " " + answers(each)));
                throw missing;
            }
            Rpc rpc = last.rpc();
            for (Place place : places) {
                assertThat(turns(rpc, place)).as("turns of %s", place).isEqualTo(numbers(place));
            }
            last.terminate();
        }

        // Then
        places.forEach(place ->
                assertThat(answers(place)).as("answers in %s", place.channel()).isEqualTo(numbers(place)));
        int total = places.stream().mapToInt(place -> place.said().get()).sum();
        System.out.println("discord kill rounds: " + total + " said, 0 lost, 0 repeated");
        assertThat(total).as("the load was real").isGreaterThan(places.size() * ROUNDS);
    }

    private void populate() {
        Guild guild = discord.addGuild("workshop");
        guild.addBot(bot);
        for (int i = 0; i < PEOPLE + CHANNELS; i++) {
            User person = discord.addUser("person" + i, Integer.toString(300 + i));
            guild.addMember(person);
            boolean isDirect = i < PEOPLE;
            Channel channel = isDirect ? discord.direct(bot, person) : guild.addTextChannel("channel" + i);
            String session = isDirect ? "direct:" + person.id() : "default:channel:" + channel.id();
            places.add(new Place(
                    channel,
                    person,
                    isDirect ? "" : bot.mention() + " ",
                    "agent:main:discord:" + session,
                    new AtomicInteger()));
        }
    }

    private HubProcess start() throws Exception {
        // Not waiting until the account runs: the next kill may well come before.
        return DiscordHub.start(folder, discord, 0, ACCOUNT, "delivery: { backoff: [200ms, 500ms], attempts: 10 }");
    }

    private void talk() {
        try {
            while (!over.get()) {
                places.forEach(this::speak);
                Bounded.pass(Duration.ofMillis(250));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void speak(Place place) {
        place.person().says(place.channel(), place.address() + place.said().incrementAndGet());
    }

    private boolean isAllAnswered() {
        return places.stream()
                .allMatch(place -> answers(place).contains(place.said().toString()));
    }

    private List<String> answers(Place place) {
        return DiscordHub.said(place.channel(), bot);
    }

    private static List<String> numbers(Place place) {
        return IntStream.rangeClosed(1, place.said().get())
                .mapToObj(Integer::toString)
                .toList();
    }

    /** What the agent was asked there, in order. */
    private static List<String> turns(Rpc rpc, Place place) throws Exception {
        JsonNode page = rpc.call("chat.history", "session_key", place.sessionKey(), "limit", 1_000);
        var turns = new ArrayList<String>();
        for (JsonNode each : page.path("messages")) {
            if (each.path("role").asText().equals("user")) {
                turns.add(each.path("content").asText());
            }
        }
        return turns;
    }
}
