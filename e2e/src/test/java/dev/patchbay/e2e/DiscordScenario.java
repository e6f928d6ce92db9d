package dev.patchbay.e2e;

import static dev.patchbay.e2e.DiscordHub.SOON;
import static dev.patchbay.e2e.DiscordHub.said;
import static dev.patchbay.fakes.discord.FakeDiscord.sendsTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.Channel;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Guild;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.fakes.http.Fault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built hub with two Discord bots, against a Discord that misbehaves on purpose. */
class DiscordScenario {
    private static final String BOTH = """
        default: { token: first-token, %1$s, dm-policy: open }
        two: { token: second-token, %1$s, dm-policy: open }
        """;

    @TempDir
    Path folder;

    private final FakeDiscord discord = FakeDiscord.start();
    private final Bot first = discord.addBot("first-token", "first");
    private final Bot second = discord.addBot("second-token", "second");
    private final User anna = discord.addUser("anna", "300");
    private final User ben = discord.addUser("ben", "301");
    private final Guild guild = discord.addGuild("workshop");
    private final Channel general = guild.addTextChannel("general");

    DiscordScenario() {
        guild.addBot(first);
        guild.addBot(second);
        guild.addMember(anna);
        guild.addMember(ben);
    }

    @AfterEach
    void stop() {
        discord.close();
    }

    @Test
    void bothBotsAnswerInChannelsThreadsAndDirectChats() throws Exception {
        try (HubProcess hub = start("")) {
            // Given
            Channel thread = guild.addThread(general, "plans", anna);

            // When
            anna.says(general, "not for a robot");
            anna.says(general, first.mention() + " are you there?");
            anna.says(thread, second.mention() + " and here?");
            anna.says(discord.direct(first, anna), "hello");
            anna.says(discord.direct(second, anna), "hello, second");

            // Then
            assertThat(await(general, first, 1)).containsExactly("are you there?");
            assertThat(await(thread, second, 1)).containsExactly("and here?");
            assertThat(await(discord.direct(first, anna), first, 1)).containsExactly("hello");
            assertThat(await(discord.direct(second, anna), second, 1)).containsExactly("hello, second");
            assertThat(said(general, second)).isEmpty();
            assertThat(said(thread, first)).isEmpty();
            assertThat(hub.rpc().all("sessions.list", "sessions"))
                    .extracting(each -> each.path("session_key").asText())
                    .contains(
                            "agent:main:discord:default:channel:" + general.id(),
                            "agent:main:discord:two:channel:" + general.id() + ":thread:" + thread.id(),
                            "agent:main:discord:direct:300");
            assertThat(hub.terminate()).isZero();
        }
    }

    @Test
    void whatFailsIsSentAgainAndWhatArrivedIsNotSaidTwice() throws Exception {
        try (HubProcess hub = start("delivery: { backoff: [300ms, 600ms], attempts: 50 }")) {
            // Given
            Rpc rpc = hub.rpc();
            Channel direct = discord.direct(first, ben);
            discord.faults().next(1, sendsTo(general), Fault.status(500));
            discord.faults().next(1, sendsTo(general), Fault.badGateway());
            discord.faults().next(1, sendsTo(general), Fault.resetBefore());
            // Nothing goes right there before the other one has been served.
            var untilThen = new AtomicInteger();
            discord.faults().add(request -> {
                boolean isTooEarly =
                        sendsTo(general).test(request) && said(direct, first).isEmpty();
                return isTooEarly && untilThen.incrementAndGet() > 0 ? Fault.status(500) : Fault.none();
            });
            discord.faults().next(1, sendsTo(general), Fault.resetAfter());
            discord.faults().next(1, sendsTo(general), Fault.half());

            // When
            for (int i = 0; i < 4; i++) {
                send(rpc, "channel:" + general.id(), "a" + i);
            }
            send(rpc, "direct:301", "b");

            // Then
            assertThat(await(direct, first, 1)).containsExactly("b");
            assertThat(await(general, first, 4)).containsExactly("a0", "a1", "a2", "a3");
            assertThat(direct.messages().getFirst().arrivedAt())
                    .as("others went on")
                    .isBefore(general.messages().getFirst().arrivedAt());

            // When the gateway does not tell of the bot's own messages, the nonce alone has to settle it
            discord.gateway().mute(first);
            discord.faults().next(2, sendsTo(general), Fault.resetAfter());
            send(rpc, "channel:" + general.id(), "a4");
            send(rpc, "channel:" + general.id(), "a5");

            // Then
            assertThat(await(general, first, 6)).containsExactly("a0", "a1", "a2", "a3", "a4", "a5");
            Bounded.until(SOON, () -> rpc.deliveries("delivered").size() == 7);
            assertThat(said(general, first)).hasSize(6);
            assertThat(discord.faults().played()).isEqualTo(7 + untilThen.get());
        }
    }

    @Test
    void whatCanNeverArriveIsADeadLetterAtOnceWithDiscordsWords() throws Exception {
        try (HubProcess hub = start("")) {
            // Given
            ben.refuseDms();
            Rpc rpc = hub.rpc();

            // When
            send(rpc, "direct:301", "refused");
            send(rpc, "channel:999", "nowhere");

            // Then
            List<JsonNode> dead = rpc.awaitDead(2);
            assertThat(dead).allSatisfy(each -> assertThat(each.path("attempts").asInt())
                    .isEqualTo(1));
            assertThat(dead)
                    .extracting(each -> each.path("last_error").asText())
                    .anyMatch(each -> each.contains("Cannot send messages to this user") && each.contains("50007"))
                    .anyMatch(each -> each.contains("Unknown Channel") && each.contains("404"));
        }
    }

    @Test
    void aWaitThatDiscordNamesIsObeyedWhereItHoldsAndNowhereElse() throws Exception {
        try (HubProcess hub = start("")) {
            // Given
            Rpc rpc = hub.rpc();
            Channel direct = discord.direct(first, ben);
            Channel toSecond = discord.direct(second, ben);
            Instant began = Instant.now();
            discord.slowDown(first, general, Duration.ofSeconds(3));

            // When
            send(rpc, "channel:" + general.id(), "held");
            send(rpc, "channel:" + general.id(), "held too");
            send(rpc, "direct:301", "free");

            // Then
            await(direct, first, 1);
            assertThat(await(general, first, 2)).containsExactly("held", "held too");
            assertThat(arrival(direct)).isBefore(general.messages().getFirst().arrivedAt());
            assertThat(Duration.between(began, arrival(general)).toMillis()).isGreaterThanOrEqualTo(3_000);
            assertThat(sentInVain()).as("sent in vain once").isEqualTo(1);

            // When all of the bot has to wait
            began = Instant.now();
            discord.slowDown(first, Duration.ofSeconds(3));
            send(rpc, "channel:" + general.id(), "one");
            Bounded.until(SOON, () -> sentInVain() == 2);
            send(rpc, "direct:301", "two");
            rpc.call("messages.send", "channel", "discord", "account_id", "two", "to", "direct:301", "text", "free");

            // Then
            assertThat(await(toSecond, second, 1)).containsExactly("free");
            assertThat(await(direct, first, 2)).containsExactly("free", "two");
            assertThat(arrival(toSecond)).isBefore(arrival(direct));
            assertThat(await(general, first, 3)).containsExactly("held", "held too", "one");
            assertThat(Duration.between(began, arrival(direct)).toMillis()).isGreaterThanOrEqualTo(3_000);
            assertThat(sentInVain()).as("sent in vain once more").isEqualTo(2);
            assertThat(rpc.all("deliveries.list", "deliveries"))
                    .allSatisfy(
                            each -> assertThat(each.path("attempts").asInt()).isEqualTo(1));
        }
    }

    @Test
    void whatIsSaidWhileNobodyListensIsAnsweredOnceAndInOrder() throws Exception {
        // Given
        Channel direct = discord.direct(first, anna);
        try (HubProcess hub = start("")) {
            talk(direct, 1);
            await(direct, first, 1);
            await(general, first, 1);

            // When the connection drops, and when the session is gone
            discord.gateway().drop(first);
            talk(direct, 2);
            await(direct, first, 2);
            discord.gateway().invalidate(first, false);
            talk(direct, 3);
            talk(direct, 4);
            assertThat(discord.await(SOON, () -> discord.gateway().identifies(first) == 2))
                    .isTrue();
            talk(direct, 5);

            // Then
            assertThat(await(direct, first, 5)).containsExactly("1", "2", "3", "4", "5");
            assertThat(await(general, first, 5)).containsExactly("1", "2", "3", "4", "5");
            assertThat(discord.gateway().resumes(first)).isEqualTo(1);
            assertThat(hub.terminate()).isZero();
        }

        // When the hub is down
        talk(direct, 6);
        talk(direct, 7);
        try (HubProcess hub = start("")) {
            talk(direct, 8);

            // Then
            List<String> all = List.of("1", "2", "3", "4", "5", "6", "7", "8");
            assertThat(await(direct, first, 8)).isEqualTo(all);
            assertThat(await(general, first, 8)).isEqualTo(all);
            assertThat(said(general, second)).isEmpty();
            assertThat(hub.terminate()).isZero();
            assertThat(said(direct, first)).isEqualTo(all);
            assertThat(said(general, first)).isEqualTo(all);
        }
    }

    @Test
    void anAccountThatCannotWorkSaysWhatToDoAndTheOthersWork() throws Exception {
        // Given
        Bot blind = discord.addBot("blind-token", "blind", 0);
        guild.addBot(blind);
        String accounts = BOTH + """
            blind: { token: blind-token, %1$s }
            wrong: { token: no-such-token, %1$s }
            """;
        try (HubProcess hub = DiscordHub.start(folder, discord, 2, accounts, "")) {
            Rpc rpc = hub.rpc();

            // When
            Bounded.until(
                    SOON,
                    () -> state(rpc, "blind").equals("failed")
                            && state(rpc, "wrong").equals("failed"));
            anna.says(discord.direct(first, anna), "hello");

            // Then
            assertThat(status(rpc, "blind").path("last_error").asText())
                    .contains("4014", "Message Content Intent", "developer portal");
            assertThat(status(rpc, "wrong").path("last_error").asText()).contains("token", "developer portal");
            assertThat(await(discord.direct(first, anna), first, 1)).containsExactly("hello");
            assertThat(hub.log() + hub.output()).doesNotContain("no-such-token", "blind-token", "first-token");
        }
    }

    @Test
    void aLongTextArrivesInPartsWithNothingLostAndAFailedPartRepeatsNoOther() throws Exception {
        try (HubProcess hub = start("delivery: { backoff: [300ms], attempts: 8 }")) {
            // Given
            String text = "Anfang\n\n" + lines(120, "Zeile %d mit Emoji 🦊👩‍👩‍👧 und 漢字 für den Schnitt.\n")
                    + "\n```java\n" + lines(180, "int answer%d = 42; // 答え\n") + "```\nEnde";
            var sent = new int[1];
            discord.faults()
                    .add(request ->
                            sendsTo(general).test(request) && ++sent[0] == 3 ? Fault.resetAfter() : Fault.none());

            // When
            send(hub.rpc(), "channel:" + general.id(), text);

            // Then
            assertThat(discord.await(SOON, () -> said(general, first).stream().anyMatch(each -> each.endsWith("Ende"))))
                    .isTrue();
            assertThat(text.length()).isGreaterThan(10_000);
            List<String> parts = said(general, first);
            assertThat(parts).doesNotHaveDuplicates().allSatisfy(part -> assertThat(
                            part.codePointCount(0, part.length()))
                    .isLessThanOrEqualTo(2_000));
            assertThat(letters(String.join("", parts))).isEqualTo(letters(text));
        }
    }

    @Test
    void aStrangerGetsACodeThatLetsThemIn() throws Exception {
        String accounts = "default: { token: first-token, %1$s, dm-policy: pairing }\n";
        try (HubProcess hub = DiscordHub.start(folder, discord, 1, accounts, "")) {
            // Given
            Channel direct = discord.direct(first, anna);
            anna.says(direct, "let me in");
            Matcher code = Pattern.compile("pairing approve ([A-Z2-9]{8})")
                    .matcher(await(direct, first, 1).getFirst());
            assertThat(code.find()).isTrue();

            // When
            HubProcess.Finished approved = HubProcess.run(
                    folder,
                    "",
                    "pairing",
                    "approve",
                    code.group(1),
                    "--config",
                    "hub.yaml",
                    "--set",
                    "server.port=" + URI.create(hub.url()).getPort());
            anna.says(direct, "hello");
            ben.says(discord.direct(first, ben), "and me?");

            // Then
            assertThat(approved.exitCode()).as(approved.err()).isZero();
            assertThat(discord.await(SOON, () -> said(direct, first).contains("hello")))
                    .isTrue();
            assertThat(said(direct, first)).doesNotContain("let me in");
            assertThat(await(discord.direct(first, ben), first, 1))
                    .singleElement()
                    .asString()
                    .contains("pairing approve")
                    .doesNotContain(code.group(1));
        }
    }

    /** Anna says a number where the first bot hears it: in the guild and in their direct chat. */
    private void talk(Channel direct, int number) {
        anna.says(general, first.mention() + " " + number);
        anna.says(direct, Integer.toString(number));
    }

    private List<String> await(Channel channel, Bot bot, int count) throws InterruptedException {
        return DiscordHub.await(discord, channel, bot, count);
    }

    private static void send(Rpc rpc, String to, String text) throws Exception {
        rpc.call("messages.send", "channel", "discord", "to", to, "text", text);
    }

    private long sentInVain() {
        return discord.calls().stream()
                .filter(each -> each.route().equals(FakeDiscord.SEND) && each.status() == 429)
                .count();
    }

    private static Instant arrival(Channel channel) {
        return channel.messages().getLast().arrivedAt();
    }

    private static JsonNode status(Rpc rpc, String account) throws Exception {
        for (JsonNode each : rpc.call("channels.status", "channel", "discord").path("channels")) {
            if (each.path("account_id").asText().equals(account)) {
                return each;
            }
        }
        throw new AssertionError("no account " + account);
    }

    private static String state(Rpc rpc, String account) throws Exception {
        return status(rpc, account).path("state").asText();
    }

    private static String lines(int count, String line) {
        return IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining());
    }

    /** What is left without blanks and fences: where a text is cut, a line's end goes, and code is fenced anew. */
    private static String letters(String text) {
        return text.replaceAll("```(java)?", "").replaceAll("\\s", "");
    }

    private HubProcess start(String more) throws Exception {
        return DiscordHub.start(folder, discord, 2, BOTH, more);
    }
}
