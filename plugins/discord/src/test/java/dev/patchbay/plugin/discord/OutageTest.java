package dev.patchbay.plugin.discord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.ChannelHost;
import dev.patchbay.api.ChannelHost.Condition;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.NotAccepted;
import dev.patchbay.fakes.discord.Message;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Response;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Whatever happens to the connection: what people say arrives, once and in order. Most of it is waiting for the platform's own
 * times, so the tests of this class wait side by side.
 */
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
class OutageTest {
    private final Lab lab = new Lab();

    @AfterEach
    void closes() {
        lab.close();
    }

    @Test
    void aLostConnectionIsResumedAndNothingIsMissed() throws Exception {
        // Given
        lab.running();

        // When
        lab.discord.gateway().drop(lab.bot);
        lab.anna.says(lab.general, "meanwhile");

        // Then
        assertThat(texts(1)).containsExactly("meanwhile");
        lab.awaitCondition(Condition.DEGRADED, 2);
        lab.awaitCondition(Condition.RUNNING, 2);
        assertThat(lab.discord.gateway().resumes(lab.bot)).isEqualTo(1);
    }

    @Test
    void whatIsSaidBetweenTwoSessionsIsReadFromTheHistoryInOrder() throws Exception {
        // Given
        lab.running();
        var direct = lab.discord.direct(lab.bot, lab.anna);
        lab.anna.says(lab.general, "before");
        lab.anna.says(direct, "before, between us");
        texts(2);

        // When
        lab.discord.gateway().invalidate(lab.bot, false);
        lab.anna.says(lab.general, "meanwhile 1");
        lab.anna.says(lab.general, "meanwhile 2");
        lab.anna.says(direct, "meanwhile, between us");
        lab.awaitCondition(Condition.RUNNING, 2);
        lab.anna.says(lab.general, "after");

        // Then
        texts(6);
        assertThat(in(lab.general.id())).containsExactly("before", "meanwhile 1", "meanwhile 2", "after");
        assertThat(in(lab.anna.id())).containsExactly("before, between us", "meanwhile, between us");
    }

    @Test
    void aGuildThatTheLibraryCannotReadIsCaughtUpWithAllTheSame() throws Exception {
        // Given
        lab.guild.leaveOutRoleColors();
        lab.running();
        lab.anna.says(lab.general, "before");
        texts(1);

        // When
        lab.discord.gateway().invalidate(lab.bot, false);
        lab.anna.says(lab.general, "meanwhile");

        // Then: without waiting for somebody to say something live
        assertThat(texts(2)).containsExactly("before", "meanwhile");
    }

    @Test
    void whatIsSaidWhileTheHubIsDownIsReadAtTheNextStartInWholePages() throws Exception {
        // Given
        var first = lab.running();
        lab.anna.says(lab.general, "before");
        texts(1);
        first.close();

        // When
        List<String> said = IntStream.range(0, 250).mapToObj(i -> "number " + i).toList();
        said.forEach(text -> lab.anna.says(lab.general, text));
        var thread = lab.guild.addThread(lab.general, "new thread", lab.anna);
        lab.anna.says(thread, "in a thread made meanwhile");
        lab.running();

        // Then
        texts(252);
        assertThat(in(lab.general.id()).subList(1, 251)).isEqualTo(said);
        InboundMessage inside = lab.host.stored().all().stream()
                .filter(message -> message.threadId() != null)
                .findFirst()
                .orElseThrow();
        assertThat(inside.text()).isEqualTo("in a thread made meanwhile");
        assertThat(inside.roles()).isEmpty();
    }

    @Test
    void whatIsSaidInAnEmptyChannelRightAfterTheFirstStartSurvivesAKill() throws Exception {
        // Given: Discord is slow to tell what is in the channel
        lab.discord
                .faults()
                .next(1, request -> request.path().contains("/messages"), Fault.delay(Duration.ofMillis(500)));
        var first = lab.running();
        lab.host.refuseNext(NotAccepted.Reason.NOT_STORED, Duration.ofSeconds(30));

        // When
        lab.anna.says(lab.general, "one");
        lab.anna.says(lab.general, "two");
        lab.host.received().await(1);
        first.close();
        lab.running();

        // Then
        assertThat(texts(2)).containsExactly("one", "two");
    }

    @Test
    void anEditLeavesWhatWasSaidBeforeItToBeRead() throws Exception {
        // Given: a person whom nobody has heard yet
        lab.running().close();
        var direct = lab.discord.direct(lab.bot, lab.anna);
        lab.anna.says(direct, "missed");
        Message changed = lab.anna.says(direct, "as it was");
        lab.running();

        // When
        lab.anna.edits(changed, "as it is");
        texts(1);
        lab.anna.says(direct, "live");

        // Then
        texts(4);
        assertThat(in(lab.anna.id())).containsExactly("as it is", "missed", "as it is", "live");
    }

    @Test
    void aFirstDirectMessageDuringAnOutageIsReadWhenThePersonWritesAgain() throws Exception {
        // Given
        var first = lab.running();
        lab.anna.says(lab.general, "before");
        texts(1);
        first.close();
        lab.anna.says(lab.discord.direct(lab.bot, lab.anna), "is anybody there?");

        // When
        lab.running();
        lab.anna.says(lab.discord.direct(lab.bot, lab.anna), "hello?");

        // Then
        texts(3);
        assertThat(in(lab.anna.id())).containsExactly("is anybody there?", "hello?");
    }

    @Test
    void aChannelThatWasSilentAtTheFirstStartIsReadFromThenOn() throws Exception {
        // Given
        lab.anna.says(lab.general, "long ago");
        var first = lab.running();
        assertThat(lab.discord.await(
                        Duration.ofSeconds(10), () -> lab.host.notes().containsKey("guild/" + lab.guild.id())))
                .isTrue();
        first.close();

        // When
        lab.anna.says(lab.general, "meanwhile");
        lab.running();

        // Then
        assertThat(texts(1)).containsExactly("meanwhile");
    }

    @Test
    void whileTheHubStoresNothingNothingOvertakes() throws Exception {
        // Given
        lab.running();
        lab.host.refuseNext(NotAccepted.Reason.FULL, Duration.ofMillis(1));
        lab.host.refuseNext(NotAccepted.Reason.NOT_STORED, Duration.ofMillis(1));

        // When
        lab.anna.says(lab.general, "one");
        lab.anna.says(lab.general, "two");

        // Then
        assertThat(texts(2)).containsExactly("one", "two");
    }

    @Test
    void aHistoryThatCannotBeReadHoldsBackWhatComesAfterIt() throws Exception {
        // Given
        var first = lab.running();
        lab.anna.says(lab.general, "before");
        texts(1);
        first.close();
        lab.anna.says(lab.general, "meanwhile");
        lab.discord.faults().next(3, request -> request.path().contains("/messages"), Fault.badGateway());

        // When
        lab.running();
        lab.anna.says(lab.general, "after");

        // Then
        assertThat(texts(3)).containsExactly("before", "meanwhile", "after");
    }

    @Test
    void eventsThatComeTwiceOrOverlapWithTheHistoryAreOneMessage() throws Exception {
        // Given
        lab.running();
        lab.discord.gateway().duplicateNext(lab.bot, 2);

        // When
        lab.anna.says(lab.general, "one");
        lab.anna.says(lab.general, "two");

        // Then
        lab.host.received().await(4);
        assertThat(texts(2)).containsExactly("one", "two");
    }

    @Test
    void aTokenThatIsRefusedFailsTheAccountForGood() throws Exception {
        // When
        lab.open(Map.of("token", "wrong"), lab.host);

        // Then
        lab.awaitCondition(Condition.FAILED, 1);
    }

    @Test
    void aTokenThatIsRevokedOnTheGatewayFailsTheAccountForGood() throws Exception {
        // Given
        lab.discord.gateway().closeNextIdentify(lab.bot, 4004, "Authentication failed.");

        // When
        lab.open(Map.of(), lab.host);

        // Then
        lab.awaitCondition(Condition.FAILED, 1);
        assertThat(lab.discord.gateway().identifies(lab.bot)).isLessThanOrEqualTo(1);
    }

    @Test
    void anIntentThatIsNotSwitchedOnFailsTheAccountForGood() throws Exception {
        // Given
        var reader = lab.discord.addBot("token-without-intent", "reader", 0);

        // When
        lab.open(Map.of("token", reader.token()), lab.host);

        // Then
        lab.awaitCondition(Condition.FAILED, 1);
        assertThat(lab.host.conditions().all()).doesNotContain(Condition.RUNNING);
    }

    @Test
    void aBotThatNeedNotReadEverythingWorksWithoutTheIntent() throws Exception {
        // Given
        var modest = lab.discord.addBot("token-without-intent", "modest", 0);
        lab.guild.addBot(modest);

        // When
        lab.running(Map.of("token", modest.token(), "message-content", "false"));
        lab.anna.says(lab.general, "hello " + modest.mention());

        // Then
        assertThat(texts(1)).containsExactly("hello");
    }

    @Test
    void aServerThatIsNotThereYetIsFoundWhenItIs() throws Exception {
        // Given
        lab.discord.faults().next(2, _ -> true, Fault.resetBefore());
        lab.discord.gatewayFaults().next(1, _ -> true, Fault.status(503));

        // When
        lab.running();
        lab.anna.says(lab.general, "hello");

        // Then
        assertThat(texts(1)).containsExactly("hello");
    }

    @Test
    void aGatewayThatEndsSessionsAtOnceIsCalledWithPauses() throws Exception {
        // Given
        lab.discord.gateway().invalidateNextIdentify(lab.bot);

        // When
        lab.running();

        // Then
        assertThat(lab.discord.gateway().identifies(lab.bot)).isLessThanOrEqualTo(3);
    }

    @Test
    void theGatewayIsAskedForIfItIsNotConfigured() throws Exception {
        // When
        lab.open(Map.of("gateway-url", ""), lab.host);

        // Then
        assertThat(lab.discord.await(Duration.ofSeconds(30), () -> lab.discord.requests("GET /gateway") > 0))
                .isTrue();
    }

    @Test
    void aGatewayThatFallsSilentIsNoticedAndLeft() throws Exception {
        // Given
        lab.running();

        // When
        lab.discord.gateway().mute(lab.bot);
        lab.anna.says(lab.general, "meanwhile");

        // Then
        awaitLast(Condition.DEGRADED);
        awaitLast(Condition.RUNNING);
        lab.anna.says(lab.general, "after");
        assertThat(lab.discord.await(Duration.ofSeconds(30), () -> texts().contains("after")))
                .isTrue();
    }

    @Test
    void aGatewayThatHasNothingToSayButAnswersIsLeftAlone() throws Exception {
        // Given
        lab.running();
        long before = lab.discord.gateway().heartbeats();

        // When
        assertThat(lab.discord.await(
                        Duration.ofSeconds(40), () -> lab.discord.gateway().heartbeats() >= before + 2))
                .isTrue();
        lab.anna.says(lab.general, "hello");

        // Then
        assertThat(texts(1)).containsExactly("hello");
        assertThat(lab.host.conditions().all()).containsExactly(Condition.DEGRADED, Condition.RUNNING);
        assertThat(lab.discord.gateway().identifies(lab.bot)).isOne();
    }

    @Test
    void aRestThatHangsIsNoticed() throws Exception {
        // Given
        var first = lab.running();
        lab.anna.says(lab.general, "before");
        texts(1);
        first.close();
        lab.anna.says(lab.general, "meanwhile");
        lab.discord.faults().next(1, request -> request.path().contains("/messages"), Fault.hang());

        // When
        lab.running();

        // Then
        awaitLast(Condition.DEGRADED);
        assertThat(texts(2)).containsExactly("before", "meanwhile");
        awaitLast(Condition.RUNNING);
    }

    @Test
    void aMessageInTheHistoryThatCannotBeReadIsLeftOut() throws Exception {
        // Given
        var first = lab.running();
        lab.anna.says(lab.general, "before");
        texts(1);
        first.close();
        lab.discord
                .faults()
                .next(1, request -> request.path().contains("/messages"), Fault.answer(Response.json(200, """
                    [{"id":"1","channel_id":7,"author":"nobody","content":[]}, 5, null, [], {"id":{}},
                     {"id":"2","type":0,"channel_id":"%s","author":{"id":[]},"mentions":{},"attachments":[1],"content":"x"}]\
                    """.formatted(
                                lab.general.id()))));

        // When
        lab.anna.says(lab.general, "meanwhile");
        lab.running();
        lab.anna.says(lab.general, "after");

        // Then
        assertThat(lab.discord.await(Duration.ofSeconds(20), () -> texts().contains("after")))
                .as(texts().toString())
                .isTrue();
    }

    @Test
    void aMessageThatBreaksSomethingIsTriedOnceMoreWithTheNext() throws Exception {
        // Given
        var left = new AtomicInteger(1);
        ChannelHost breaking = (ChannelHost) Proxy.newProxyInstance(
                ChannelHost.class.getClassLoader(), new Class<?>[] {ChannelHost.class}, (_, method, arguments) -> {
                    if (method.getName().equals("receive")
                            && arguments[0] instanceof InboundMessage message
                            && message.text().equals("breaks")
                            && left.getAndDecrement() > 0) {
                        throw new NoClassDefFoundError("gone");
                    }
                    try {
                        return method.invoke(lab.host, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        lab.open(Map.of(), breaking);
        lab.awaitCondition(Condition.RUNNING, 1);
        lab.anna.says(lab.general, "before");
        texts(1);

        // When
        lab.anna.says(lab.general, "breaks");
        lab.anna.says(lab.general, "after");

        // Then
        assertThat(texts(3)).containsExactly("before", "breaks", "after");
        assertThat(lab.host.conditions().all()).endsWith(Condition.RUNNING);
    }

    private void awaitLast(Condition condition) throws InterruptedException {
        assertThat(lab.discord.await(
                        Duration.ofSeconds(35),
                        () -> lab.host.conditions().all().getLast() == condition))
                .isTrue();
    }

    private List<String> texts() {
        return lab.host.stored().all().stream().map(InboundMessage::text).toList();
    }

    private List<String> texts(int count) throws InterruptedException {
        return lab.host.stored().await(count).stream().map(InboundMessage::text).toList();
    }

    private List<String> in(String peer) {
        return lab.host.stored().all().stream()
                .filter(message -> message.peer().id().equals(peer) && message.threadId() == null)
                .map(InboundMessage::text)
                .toList();
    }
}
