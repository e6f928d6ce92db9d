package dev.patchbay.plugin.telegram;

import static dev.patchbay.fakes.telegram.TelegramFaults.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.patchbay.api.Button;
import dev.patchbay.api.Channel;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reaction;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeTelegram;
import dev.patchbay.fakes.telegram.Media;
import dev.patchbay.fakes.telegram.TelegramFaults;
import dev.patchbay.testkit.ManualClock;
import dev.patchbay.testkit.RecordingHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InboundTest {
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
    void theOffsetIsKeptWithTheMessage() throws Exception {
        open();

        bot.direct(7).userSays("hello");

        host.stored().await(1);
        assertThat(bot.awaitConfirmed(Bots.PATIENCE)).isTrue();
        assertThat(host.notes()).containsEntry("offset", "100002");
    }

    @Test
    void aRestartGoesOnWhereTheLastRunEnded() throws Exception {
        open();
        bot.direct(7).userSays("one");
        host.stored().await(1);
        channel.close();
        bot.direct(7).userSays("two");

        open();

        assertThat(host.stored().await(2)).extracting(InboundMessage::text).containsExactly("one", "two");
        assertThat(host.received().all()).hasSize(2);
    }

    @Test
    void whatTheHubDoesNotStoreIsTriedUntilItIsAndNothingOvertakesIt() throws Exception {
        open();
        host.refuseNext(NotAccepted.Reason.FULL, Duration.ofMillis(50));
        host.refuseNext(NotAccepted.Reason.NOT_STORED, Duration.ofMillis(50));

        bot.direct(7).userSays("one");
        bot.direct(8).userSays("two");

        assertThat(host.stored().await(2)).extracting(InboundMessage::text).containsExactly("one", "two");
    }

    @Test
    void whatTheHubCallsInvalidIsLeftOutAndTheNextComesThrough() throws Exception {
        open();
        host.refuseNext(NotAccepted.Reason.INVALID, Duration.ZERO);

        bot.direct(7).userSays("one");
        bot.direct(7).userSays("two");

        assertThat(host.stored().await(1)).extracting(InboundMessage::text).containsExactly("two");
        assertThat(bot.awaitConfirmed(Bots.PATIENCE)).isTrue();
    }

    @Test
    void repeatedAndReorderedUpdatesAreOneMessageEachInOrder() throws Exception {
        bot.repeatNext(2);
        bot.reverseNext();
        bot.direct(7).userSays("one");
        bot.direct(7).userSays("two");

        open();

        host.stored().await(2);
        bot.direct(7).userSays("three");
        assertThat(host.stored().await(3)).extracting(InboundMessage::text).containsExactly("one", "two", "three");
    }

    @Test
    void troubleIsSaidAndPollingGoesOn() throws Exception {
        open();
        host.conditions().await(1);
        telegram.faults().next(1, method("getUpdates"), TelegramFaults.garbage());
        telegram.faults().next(1, method("getUpdates"), Fault.badGateway());
        telegram.faults().next(1, method("getUpdates"), TelegramFaults.conflict());

        bot.direct(7).userSays("hello");
        host.stored().await(1);
        Bots.await(() ->
                host.conditions().all().size() >= 5 && host.conditions().all().getLast() == Condition.RUNNING);

        assertThat(host.conditions().all()).contains(Condition.DEGRADED);
        bot.direct(7).userSays("still there");
        host.stored().await(2);
    }

    @Test
    void anAnswerOfAnotherShapeStopsNothing() throws Exception {
        open();
        telegram.faults().next(2, method("getUpdates"), TelegramFaults.wrongShape());

        bot.direct(7).userSays("hello");

        host.stored().await(1);
    }

    @Test
    void aServerThatKnowsFewMethodsIsPolledAllTheSame() throws Exception {
        telegram.faults().every(1, method("setMyCommands"), Fault.status(500));
        telegram.faults().every(1, method("deleteWebhook"), Fault.status(404));

        open();
        bot.direct(7).userSays("hello");

        assertThat(host.stored().await(1)).extracting(InboundMessage::text).containsExactly("hello");
        assertThat(host.conditions().all()).containsOnly(Condition.RUNNING);
    }

    @Test
    void aProxyThatFindsNothingIsNoRefusedToken() throws Exception {
        telegram.faults().next(1, method("getMe"), Fault.status(404));

        open();

        Bots.await(() -> host.conditions().all().contains(Condition.RUNNING));
        assertThat(host.conditions().all()).doesNotContain(Condition.FAILED);
    }

    @Test
    void aRefusedTokenFailsTheAccountAndIsNotTriedAgain() throws Exception {
        open();
        host.conditions().await(1);

        bot.revoke();

        Bots.await(() -> host.conditions().all().getLast() == Condition.FAILED);
        long asked = telegram.requests("getUpdates") + telegram.requests("getMe");
        assertThat(host.conditions().all()).containsExactly(Condition.RUNNING, Condition.FAILED);
        assertThat(telegram.requests("getUpdates") + telegram.requests("getMe")).isEqualTo(asked);
    }

    @Test
    void aServerThatIsAwayMakesItDegradedUntilItIsBack() throws Exception {
        int port = Integer.parseInt(telegram.url().substring(telegram.url().lastIndexOf(':') + 1));
        telegram.close();

        open();

        assertThat(host.conditions().all()).contains(Condition.DEGRADED);
        try (var back = FakeTelegram.start(port)) {
            back.addBot(Bots.TOKEN, Bots.NAME).direct(7).userSays("hello");
            host.stored().await(1);
            assertThat(host.conditions().all()).endsWith(Condition.RUNNING);
        }
    }

    @Test
    void anAlbumIsOneMessageAndItsOffsetIsKeptWithTheLastOfIt() throws Exception {
        open();

        var anna = bot.direct(7).user();
        anna.sendsAlbum(Media.photo(bytes("a")).captioned("two pictures"), Media.photo(bytes("b")));
        bot.direct(8).userSays("meanwhile");

        List<InboundMessage> stored = host.stored().await(2);
        assertThat(stored).extracting(InboundMessage::text).containsExactlyInAnyOrder("meanwhile", "two pictures");
        InboundMessage album = stored.stream()
                .filter(each -> each.text().equals("two pictures"))
                .findFirst()
                .orElseThrow();
        assertThat(album.attachments()).hasSize(2);
        assertThat(bot.awaitConfirmed(Bots.PATIENCE)).isTrue();
        assertThat(host.notes()).containsEntry("offset", "100004");
        assertThat(host.received().all()).hasSize(2);
    }

    @Test
    void filesAreFetchedIntoTheHubsStore() throws Exception {
        open();

        bot.direct(7)
                .user()
                .sends(Media.document("plan.txt", "text/plain", bytes("the plan"))
                        .captioned("look"));

        InboundMessage message = host.stored().await(1).getFirst();
        assertThat(message.text()).isEqualTo("look");
        try (var content = host.attachments().open(message.attachments().getFirst())) {
            assertThat(new String(content.stream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("the plan");
            assertThat(content.name()).isEqualTo("plan.txt");
        }
    }

    @Test
    void aFileThatIsTooLargeOrCannotBeHadIsALineInTheMessage() throws Exception {
        open();
        telegram.faults().next(2, method("getFile"), TelegramFaults.internalError());

        bot.direct(7).user().sends(Media.voice(bytes("lost")));
        bot.direct(7).user().sends(Media.document("huge.bin", "x/y", new byte[2 << 20]));

        List<InboundMessage> stored = host.stored().await(2);
        assertThat(stored.get(0).text()).contains("[voice message").contains("could not be fetched");
        assertThat(stored.get(1).text()).isEqualTo("[document huge.bin: too large]");
        assertThat(stored.get(1).attachments()).isEmpty();
    }

    @Test
    void inAGroupTheBotIsMeantByItsNameByAnAnswerAndByACommand() throws Exception {
        open();
        var group = bot.supergroup(-100123, "Friends");
        channel.deliver(Bots.text(new Peer(Peer.Kind.GROUP, "-100123"), "I am here"));
        long mine = group.awaitSeen(1).getFirst().messageId();

        group.userSays("just talk");
        group.userSays("hey @" + Bots.NAME + " what now");
        group.user().replyingTo(mine).says("indeed");
        group.userSays("/status@" + Bots.NAME + " all");
        group.userSays("/status@other_bot");

        assertThat(host.stored().await(5))
                .extracting(InboundMessage::text, InboundMessage::addressed)
                .containsExactly(
                        tuple("just talk", false),
                        tuple("hey what now", true),
                        tuple("indeed", true),
                        tuple("/status all", true),
                        tuple("/status@other_bot", false));
        InboundMessage answer = host.stored().all().get(2);
        assertThat(answer.peer()).isEqualTo(new Peer(Peer.Kind.GROUP, "-100123"));
        assertThat(answer.replyTo()).isEqualTo("-100123:" + mine);
    }

    @Test
    void aTopicIsAThreadAndItsOpeningIsNoAnswer() throws Exception {
        open();
        var forum = bot.forum(-100777, "Forum");
        long topic = forum.topic("News");

        forum.user().inTopic(topic).says("in the topic");

        InboundMessage message = host.stored().await(1).getFirst();
        assertThat(message.threadId()).isEqualTo(Long.toString(topic));
        assertThat(message.replyTo()).isNull();
    }

    @Test
    void editsPressesAndReactionsAreTold() throws Exception {
        open();
        var anna = bot.direct(7);
        long said = anna.userSays("helo");
        host.stored().await(1);

        anna.user().edits(said, "hello");
        InboundMessage edit = host.stored().await(2).get(1);
        channel.deliver(Bots.message(
                Peer.direct("7"), "choose", null, null, List.of(), List.of(new Button("Yes", "yes please")), null));
        long asked = anna.awaitSeen(1).getFirst().messageId();
        String query = anna.user().presses(asked, "Yes");
        InboundMessage press = host.stored().await(3).get(2);
        anna.user().reacts(asked, "👍");

        assertThat(edit.edits()).isEqualTo("7:" + said);
        assertThat(edit.remoteId()).startsWith("7:" + said + ":e");
        assertThat(press.text()).isEqualTo("yes please");
        assertThat(press.remoteId()).isEqualTo("cb:" + query);
        Bots.await(() -> bot.answeredQueries().containsKey(query));
        assertThat(host.reactions().await(1))
                .extracting(Reaction::remoteId, Reaction::emoji, Reaction::added)
                .containsExactly(tuple("7:" + asked, "👍", true));
        assertThat(bot.awaitConfirmed(Bots.PATIENCE)).isTrue();
    }

    @Test
    void anAcceptedMessageGetsTheReactionOfTheAccount() throws Exception {
        open("ack-reaction", "👀");
        host.turnAway("8");

        long wanted = bot.direct(7).userSays("hello");
        long unwanted = bot.direct(8).userSays("hello");

        Bots.await(() -> bot.direct(7).reaction(wanted).isPresent());
        assertThat(bot.direct(8).reaction(unwanted)).isEmpty();
    }

    @Test
    void theMenuIsToldOnlyWhenItHasChanged() throws Exception {
        open("commands", Map.of("menu", "What there is to eat"));
        assertThat(bot.commands()).containsKeys("new", "status", "menu");
        channel.close();

        open("commands", Map.of("menu", "What there is to eat"));

        assertThat(telegram.requests("setMyCommands")).isEqualTo(1);
    }

    @Test
    void closingEndsTheThreadsOfTheAccount() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        open();

        channel.close();

        long polls = telegram.requests("getUpdates");
        bot.direct(7).userSays("too late");
        assertThat(telegram.requests("getUpdates")).isEqualTo(polls);
        assertThat(host.received().all()).isEmpty();
        // Either would keep the plugin's classes in memory for a minute after it is unloaded.
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        assertThat(left)
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("OkHttp") || name.startsWith("Okio"));
    }

    private void open(Object... keysAndValues) throws InterruptedException {
        channel = Bots.open(Bots.at(telegram.url(), keysAndValues), host);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
