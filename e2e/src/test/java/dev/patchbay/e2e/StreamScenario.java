package dev.patchbay.e2e;

import static dev.patchbay.fakes.telegram.TelegramFaults.method;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.discord.Bot;
import dev.patchbay.fakes.discord.Channel;
import dev.patchbay.fakes.discord.FakeDiscord;
import dev.patchbay.fakes.discord.Message;
import dev.patchbay.fakes.discord.User;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.SentMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are shown while they grow, on Telegram and on Discord: what people see of them, and what is left if they break off. */
class StreamScenario {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int WORDS = 16;
    private static final Duration PER_WORD = Duration.ofMillis(250);
    private static final String WHOLE =
            IntStream.range(0, WORDS).mapToObj(StreamScenario::word).collect(Collectors.joining());

    @TempDir
    Path folder;

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot telegramBot = telegram.addBot("42:token", "telegram_bot");
    private final FakeChat chat = telegramBot.direct(7);
    private final FakeDiscord discord = FakeDiscord.start();
    private final Bot discordBot = discord.addBot("token", "discord_bot");
    private final User anna = discord.addUser("anna", "300");
    private final Channel channel = discord.direct(discordBot, anna);
    private final AgentServer agent = new AgentServer();

    /** Opened when the beginning of both answers is shown, so that what the agent writes next changes it. */
    private final CountDownLatch isBegun = new CountDownLatch(1);

    /** Opened when the agent may write the second half of its answers. */
    private final CountDownLatch secondHalf = new CountDownLatch(1);

    private HubProcess hub;

    StreamScenario() throws IOException {}

    @BeforeEach
    void begin() throws Exception {
        agent.behave((turn, out) -> {
            AgentServer.begin(out, "application/x-ndjson");
            firstHalf(out);
            if (secondHalf.await(SOON.toSeconds(), TimeUnit.SECONDS)) {
                words(out, WORDS / 2, WORDS);
                AgentServer.chunk(out, "{\"done\":true}\n");
                AgentServer.end(out);
            }
        });
        hub = start();
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        agent.close();
        telegram.close();
        discord.close();
    }

    @Test
    void theAnswerAppearsEarlyAndGrowsInOneMessage() throws Exception {
        // When
        chat.userSays("tell me");
        anna.says(channel, "tell me");

        // Then
        chat.awaitSeen(1, SOON);
        awaitDraft();
        awaitEdits();
        secondHalf.countDown();
        awaitWhole();
        SentMessage shown = chat.seen().getFirst();
        assertThat(shown.edits()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(shown.edits())
                .as("each is more than the one before, and a beginning of the whole")
                .allSatisfy(edit -> assertThat(WHOLE).startsWith(edit.before()));
        assertThat(telegramGaps(shown)).allSatisfy(gap -> assertThat(gap).isGreaterThanOrEqualTo(1_000));
        assertThat(chat.actions()).contains("typing");
        assertThat(telegram.requests("sendMessage")).isEqualTo(1);

        Message there = channel.messagesOf(discordBot.user()).getFirst();
        assertThat(there.edits()).isGreaterThanOrEqualTo(2);
        assertThat(there.versions()).allSatisfy(each -> assertThat(WHOLE).startsWith(each.content()));
        assertThat(discordGaps(there)).allSatisfy(gap -> assertThat(gap).isGreaterThanOrEqualTo(1_000));
        assertThat(channel.typings()).isPositive();
        assertThat(discord.requests(FakeDiscord.SEND)).isEqualTo(1);
        assertThat(agent.timesAsked()).isEqualTo(2);
    }

    @Test
    void anAgentThatBreaksOffLeavesNoHalfAnswer() throws Exception {
        // Given
        agent.behave((turn, out) -> {
            AgentServer.begin(out, "application/x-ndjson");
            firstHalf(out);
        });

        // When
        chat.userSays("tell me");
        anna.says(channel, "tell me");

        // Then
        long draft = chat.awaitSeen(1, SOON).getFirst().messageId();
        awaitDraft();
        assertThat(chat.await(() -> chat.seen().isEmpty(), SOON)).isTrue();
        assertThat(discord.await(
                        SOON, () -> channel.messagesOf(discordBot.user()).isEmpty()))
                .isTrue();
        assertThat(chat.seen(draft))
                .hasValueSatisfying(each -> assertThat(each.isDeleted()).isTrue());
        assertThat(hub.rpc().all("deliveries.list", "deliveries")).isEmpty();
    }

    @Test
    void aKillInTheMiddleEndsInTheWholeAnswerInTheSamePlace() throws Exception {
        // Given
        chat.userSays("tell me");
        anna.says(channel, "tell me");
        long draft = chat.awaitSeen(1, SOON).getFirst().messageId();
        awaitDraft();
        String there = channel.messagesOf(discordBot.user()).getFirst().id();
        // Once it is changed its id is kept.
        awaitEdits();

        // When
        hub.kill();
        secondHalf.countDown();
        hub = start();

        // Then
        awaitWhole();
        assertThat(chat.seen().getFirst().messageId()).isEqualTo(draft);
        assertThat(channel.messagesOf(discordBot.user()).getFirst().id()).isEqualTo(there);
        assertThat(agent.timesAsked()).isEqualTo(4);
        assertThat(hub.rpc().all("deliveries.list", "deliveries")).hasSize(2).allSatisfy(each -> assertThat(
                        each.path("possibly_repeated").asBoolean())
                .isFalse());
    }

    @Test
    void aDraftThatNobodyKnowsOfAfterAKillMarksTheAnswer() throws Exception {
        // Given
        telegram.faults().next(1, method("sendMessage"), Fault.hangAfter());
        discord.faults().next(1, FakeDiscord.sends(), Fault.hangAfter());
        chat.userSays("tell me");
        anna.says(channel, "tell me");
        chat.awaitSeen(1, SOON);
        awaitDraft();

        // When
        hub.kill();
        secondHalf.countDown();
        hub = start();

        // Then
        assertThat(chat.await(() -> chat.texts().contains(WHOLE), SOON)).isTrue();
        assertThat(discord.await(
                        SOON, () -> DiscordHub.said(channel, discordBot).contains(WHOLE)))
                .isTrue();
        assertThat(chat.seen()).hasSizeLessThanOrEqualTo(2);
        assertThat(channel.messagesOf(discordBot.user())).hasSizeLessThanOrEqualTo(2);
        List<JsonNode> deliveries = delivered(2);
        assertThat(deliveries)
                .allSatisfy(each ->
                        assertThat(each.path("possibly_repeated").asBoolean()).isTrue());
    }

    private void awaitDraft() throws InterruptedException {
        assertThat(discord.await(
                        SOON, () -> !channel.messagesOf(discordBot.user()).isEmpty()))
                .isTrue();
        isBegun.countDown();
    }

    /** Both drafts have grown. */
    private void awaitEdits() throws InterruptedException {
        assertThat(chat.await(() -> !chat.seen().getFirst().edits().isEmpty(), SOON))
                .isTrue();
        assertThat(discord.await(
                        SOON,
                        () -> channel.messagesOf(discordBot.user()).getFirst().edits() > 0))
                .isTrue();
    }

    /** The whole answer is all that stands there, once. */
    private void awaitWhole() throws Exception {
        assertThat(chat.await(() -> chat.texts().contains(WHOLE), SOON))
                .as("%s", chat.texts())
                .isTrue();
        assertThat(discord.await(
                        SOON, () -> DiscordHub.said(channel, discordBot).contains(WHOLE)))
                .as("%s", DiscordHub.said(channel, discordBot))
                .isTrue();
        delivered(2);
        assertThat(chat.texts()).containsExactly(WHOLE);
        assertThat(DiscordHub.said(channel, discordBot)).containsExactly(WHOLE);
    }

    private List<JsonNode> delivered(int count) throws Exception {
        Rpc rpc = hub.rpc();
        Bounded.until(SOON, () -> rpc.deliveries("delivered").size() == count);
        return rpc.all("deliveries.list", "deliveries");
    }

    /** Milliseconds between what was shown, one after the other. */
    private static List<Long> telegramGaps(SentMessage message) {
        var times = new ArrayList<>(List.of(message.arrivedNanos()));
        message.edits().forEach(edit -> times.add(edit.atNanos()));
        return gaps(times.stream().map(nanos -> nanos / 1_000_000).toList());
    }

    private static List<Long> discordGaps(Message message) {
        return gaps(message.versions().stream()
                .map(version -> version.at().toEpochMilli())
                .toList());
    }

    private static List<Long> gaps(List<Long> millis) {
        return IntStream.range(1, millis.size())
                .mapToObj(i -> millis.get(i) - millis.get(i - 1))
                .toList();
    }

    private void firstHalf(OutputStream out) throws IOException, InterruptedException {
        words(out, 0, 2);
        assertThat(isBegun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        words(out, 2, WORDS / 2);
    }

    private static void words(OutputStream out, int from, int to) throws IOException, InterruptedException {
        for (int i = from; i < to; i++) {
            AgentServer.chunk(out, "{\"delta\":\"" + word(i) + "\"}\n");
            Bounded.pass(PER_WORD);
        }
    }

    private static String word(int number) {
        return (number == 0 ? "" : " ") + "word" + number;
    }

    private HubProcess start() throws Exception {
        HubProcess started = HubProcess.start(
                folder, """
                    hub: { data-dir: ./data }
                    server: { port: 0 }
                    plugins: { dir: ./plugins-installed }
                    agents: { main: { type: http, url: "%s" } }
                    channels:
                      telegram:
                        accounts:
                          default: { token: "42:token", api-url: "%s", dm-policy: open }
                      discord:
                        accounts:
                          default: { token: token, api-url: "%s", gateway-url: "%s", dm-policy: open }
                    """.formatted(agent.url(), telegram.url(), discord.url(), discord.gatewayUrl()));
        started.awaitRunning("telegram", 1);
        started.awaitRunning("discord", 1);
        return started;
    }
}
