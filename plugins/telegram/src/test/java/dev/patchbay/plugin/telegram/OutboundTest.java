package dev.patchbay.plugin.telegram;

import static dev.patchbay.fakes.telegram.TelegramFaults.method;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.DeliveryOutcome;
import dev.patchbay.api.DeliveryOutcome.Delivered;
import dev.patchbay.api.DeliveryOutcome.Paced;
import dev.patchbay.api.DeliveryOutcome.Refused;
import dev.patchbay.api.DeliveryOutcome.RetryLater;
import dev.patchbay.api.DeliveryOutcome.Unknown;
import dev.patchbay.api.Draft;
import dev.patchbay.api.Peer;
import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Response;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.SentMessage;
import dev.patchbay.fakes.telegram.TelegramFaults;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboundTest {
    private static final Peer ANNA = Peer.direct("7");
    private static final Peer GROUP = new Peer(Peer.Kind.GROUP, "-100123");

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot(Bots.TOKEN, Bots.NAME);
    private final RecordingHost host = new RecordingHost(new ManualClock(Instant.parse("2026-03-01T12:00:00Z")));
    private Channel channel = new Bots.NoChannel();

    @AfterEach
    void stop() {
        channel.close();
        telegram.close();
    }

    @Test
    void markdownIsShownAsFormatting() throws Exception {
        open();

        channel.deliver(Bots.text(ANNA, "**bold** & `a < b`"));

        SentMessage seen = bot.direct(7).awaitSeen(1).getFirst();
        assertThat(seen.text()).isEqualTo("bold & a < b");
        assertThat(seen.marks()).extracting(SentMessage.Mark::type).containsExactly("bold", "code");
    }

    @Test
    void aTextWithoutFormattingGoesOutAsItWasWritten() throws Exception {
        open();

        channel.deliver(Bots.text(ANNA, "one\n\n\n\ntwo & <three>"));

        SentMessage seen = bot.direct(7).awaitSeen(1).getFirst();
        assertThat(seen.source()).isEqualTo("one\n\n\n\ntwo & <three>");
        assertThat(seen.parseMode()).isEmpty();
    }

    @Test
    void whatTheServerCannotParseGoesOutPlainAtOnce() throws Exception {
        open();
        telegram.faults()
                .next(1, method("sendMessage"), said(400, "Bad Request: can't parse entities: unsupported start tag"));

        DeliveryOutcome outcome = channel.deliver(Bots.text(ANNA, "**bold**"));

        assertThat(outcome).isInstanceOf(Delivered.class);
        assertThat(bot.direct(7).texts()).containsExactly("**bold**");
    }

    @Test
    void eachAnswerOfTheServerHasItsOutcome() throws Exception {
        open();

        assertThat(met(TelegramFaults.tooManyRequests(7)))
                .isEqualTo(
                        new Paced("429 Too Many Requests: retry after 7", Duration.ofSeconds(7), Paced.Scope.ACCOUNT));
        assertThat(met(TelegramFaults.blocked())).isEqualTo(new Refused("403 Forbidden: bot was blocked by the user"));
        assertThat(met(TelegramFaults.chatNotFound())).isInstanceOf(Refused.class);
        assertThat(met(TelegramFaults.internalError())).isInstanceOf(RetryLater.class);
        assertThat(met(Fault.badGateway())).isInstanceOf(RetryLater.class);
        assertThat(met(Fault.resetAfter())).isInstanceOf(Unknown.class);
        assertThat(met(Fault.half())).isInstanceOf(Unknown.class);
        assertThat(met(TelegramFaults.garbage())).isInstanceOf(Unknown.class);
        assertThat(met(TelegramFaults.unauthorized())).isInstanceOf(Paced.class);
        assertThat(host.conditions().all()).endsWith(Condition.FAILED);
    }

    @Test
    void aResetIsNotRepeatedBehindOurBack() throws Exception {
        open();
        telegram.faults().next(1, method("sendMessage"), Fault.resetAfter());

        channel.deliver(Bots.text(ANNA, "once"));

        assertThat(telegram.requests("sendMessage")).isEqualTo(1);
        assertThat(bot.direct(7).texts()).containsExactly("once");
    }

    @Test
    void aKeptConnectionThatTheServerHasClosedMakesNoDoubt() throws Exception {
        open("poll-timeout", "50s");
        channel.deliver(Bots.text(ANNA, "one"));
        telegram.resetConnections();

        DeliveryOutcome outcome = channel.deliver(Bots.text(ANNA, "two"));

        assertThat(outcome).isInstanceOf(Delivered.class);
        assertThat(bot.direct(7).texts()).containsExactly("one", "two");
    }

    @Test
    void aServerThatIsAwayHasCertainlyNotGotIt() throws Exception {
        open();
        telegram.close();

        DeliveryOutcome outcome = channel.deliver(Bots.text(ANNA, "hello"));

        assertThat(outcome).isInstanceOf(RetryLater.class);
        assertThat(outcome.toString()).doesNotContain(Bots.TOKEN).doesNotContain("AAtest");
    }

    @Test
    void aGroupThatMovedIsFollowedOnce() throws Exception {
        open();
        bot.supergroup(-100999, "New");
        telegram.faults()
                .next(
                        1,
                        method("sendMessage"),
                        Fault.answer(Response.json(
                                400,
                                "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was"
                                        + " upgraded to a supergroup"
                                        + " chat\",\"parameters\":{\"migrate_to_chat_id\":-100999}}")));

        DeliveryOutcome outcome = channel.deliver(Bots.text(GROUP, "hello"));

        assertThat(outcome).isInstanceOf(Delivered.class);
        assertThat(bot.supergroup(-100999, "New").texts()).containsExactly("hello");
    }

    @Test
    void answersQuoteInGroupsOnly() throws Exception {
        open();
        long inGroup = bot.supergroup(-100123, "Friends").userSays("question");
        long direct = bot.direct(7).userSays("question");

        channel.deliver(Bots.message(GROUP, "answer", null, "-100123:" + inGroup, List.of(), List.of(), null));
        channel.deliver(Bots.message(ANNA, "answer", null, "7:" + direct, List.of(), List.of(), null));

        assertThat(bot.supergroup(-100123, "Friends").awaitSeen(1).getFirst().replyTo())
                .contains(inGroup);
        assertThat(bot.direct(7).awaitSeen(1).getFirst().replyTo()).isEmpty();
    }

    @Test
    void anAnswerGoesIntoItsTopic() throws Exception {
        open();
        var forum = bot.forum(-100777, "Forum");
        long topic = forum.topic("News");

        channel.deliver(Bots.message(
                new Peer(Peer.Kind.GROUP, "-100777"),
                "answer",
                Long.toString(topic),
                null,
                List.of(),
                List.of(),
                null));

        assertThat(forum.awaitSeen(1).getFirst().threadId()).contains(topic);
    }

    @Test
    void buttonsStandUnderTheMessage() throws Exception {
        open();

        channel.deliver(Bots.message(
                ANNA, "choose", null, null, List.of(), List.of(new Button("Yes", "y"), new Button("No", "n")), null));

        assertThat(bot.direct(7).awaitSeen(1).getFirst().buttons())
                .extracting(SentMessage.Button::data)
                .containsExactly("y", "n");
    }

    @Test
    void anAnswerTakesThePlaceOfItsDraft() throws Exception {
        open();
        var draft = (Delivered) channel.draft(new Draft(ANNA, null, "Hel", null, null));
        channel.draft(new Draft(ANNA, null, "Hello wor", null, draft.remoteId()));

        DeliveryOutcome outcome = channel.deliver(
                Bots.message(ANNA, "**Hello** world", null, null, List.of(), List.of(), draft.remoteId()));
        DeliveryOutcome repeat = channel.deliver(
                Bots.message(ANNA, "**Hello** world", null, null, List.of(), List.of(), draft.remoteId()));

        assertThat(outcome).isEqualTo(new Delivered(draft.remoteId()));
        assertThat(repeat).isEqualTo(outcome);
        assertThat(bot.direct(7).texts()).containsExactly("Hello world");
    }

    @Test
    void anAnswerWhoseDraftIsGoneIsSentAnew() throws Exception {
        open();

        DeliveryOutcome outcome =
                channel.deliver(Bots.message(ANNA, "Hello", null, null, List.of(), List.of(), "7:999"));

        assertThat(outcome).isInstanceOf(Delivered.class);
        assertThat(bot.direct(7).texts()).containsExactly("Hello");
    }

    @Test
    void aRetractedDraftIsGone() throws Exception {
        open();
        var draft = (Delivered) channel.draft(new Draft(ANNA, null, "Hel", null, null));

        channel.retract(new Draft(ANNA, null, "", null, draft.remoteId()));

        assertThat(bot.direct(7).seen()).isEmpty();
    }

    @Test
    void aShortTextStandsBelowItsFile() throws Exception {
        open();

        channel.deliver(Bots.message(ANNA, "the *plan*", null, null, List.of(kept("plan.txt")), List.of(), null));

        SentMessage seen = bot.direct(7).awaitSeen(1).getFirst();
        assertThat(seen.kind()).isEqualTo("document");
        assertThat(seen.text()).isEqualTo("the plan");
        assertThat(seen.files().getFirst().fileName()).isEqualTo("plan.txt");
    }

    @Test
    void picturesSideBySideAreAnAlbum() throws Exception {
        open();

        channel.deliver(Bots.message(ANNA, "two", null, null, List.of(kept("a.png"), kept("b.png")), List.of(), null));

        List<SentMessage> seen = bot.direct(7).awaitSeen(2);
        assertThat(seen).extracting(SentMessage::kind).containsExactly("photo", "photo");
        assertThat(seen.getFirst().albumId()).isPresent().isEqualTo(seen.get(1).albumId());
    }

    @Test
    void aRepeatGoesOnAfterWhatHasBeenDone() throws Exception {
        open();
        String longText = "word ".repeat(300);
        var message = Bots.message(ANNA, longText, null, null, List.of(kept("plan.txt")), List.of(), null);
        telegram.faults().next(1, method("sendDocument"), TelegramFaults.internalError());

        DeliveryOutcome first = channel.deliver(message);
        channel.close();
        open();
        DeliveryOutcome second = channel.deliver(message);

        assertThat(first).isInstanceOf(RetryLater.class);
        assertThat(second).isInstanceOf(Delivered.class);
        assertThat(bot.direct(7).seen()).extracting(SentMessage::kind).containsExactly("text", "document");
        assertThat(host.notes()).doesNotContainKey("progress");
    }

    @Test
    void aPlaceIsAPlaceAndAFileThatIsGoneIsALine() throws Exception {
        open();

        channel.deliver(Bots.message(
                ANNA,
                "here",
                null,
                null,
                List.of(
                        new Attachment("geo:52.5,13.4", null, null),
                        new Attachment("attachment:gone", "text/plain", "gone.txt")),
                List.of(),
                null));

        assertThat(bot.direct(7).awaitSeen(3))
                .extracting(SentMessage::kind)
                .containsExactly("text", "location", "text");
        assertThat(bot.direct(7).texts()).contains("[gone.txt is not available]");
    }

    @Test
    void typingIsShown() throws Exception {
        open();

        channel.typing(ANNA, null);

        assertThat(bot.direct(7).actions()).containsExactly("typing");
    }

    private DeliveryOutcome met(Fault fault) throws InterruptedException {
        telegram.faults().next(1, method("sendMessage"), fault);
        return channel.deliver(Bots.text(ANNA, "hello"));
    }

    private Attachment kept(String name) throws Exception {
        String type = name.endsWith(".png") ? "image/png" : "text/plain";
        return host.attachments().keep(new ByteArrayInputStream(name.getBytes(StandardCharsets.UTF_8)), type, name);
    }

    private static Fault said(int code, String words) {
        return Fault.answer(Response.of(
                code,
                "application/json",
                Body.of("{\"ok\":false,\"error_code\":" + code + ",\"description\":\"" + words + "\"}")));
    }

    private void open(Object... keysAndValues) throws InterruptedException {
        bot.direct(7);
        bot.supergroup(-100123, "Friends");
        channel = Bots.open(Bots.at(telegram.url(), keysAndValues), host);
    }
}
