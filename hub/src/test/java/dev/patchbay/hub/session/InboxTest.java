package dev.patchbay.hub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Answer;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Receipt;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.tenant.Visibility;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class InboxTest extends SessionFixture {
    @Test
    void anAcceptedMessageBecomesATurnWhoseAnswerIsQueued() throws Exception {
        // When
        Receipt receipt = door.receive("webhook", "default", message("u1", "hello"), Optional.empty());
        world.settle();

        // Then
        assertThat(receipt.duplicate()).isFalse();
        assertThat(history("agent:main:webhook:direct:anna"))
                .extracting(StoredLine::role, StoredLine::content)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("user", "hello"),
                        org.assertj.core.groups.Tuple.tuple("assistant", "re: hello"));
        assertThat(history("agent:main:webhook:direct:anna").getFirst().lineId())
                .isEqualTo(receipt.messageId());
        assertThat(queued()).hasSize(1);
        assertThat(store.pendingInbound(0, 10)).isEmpty();
    }

    @Test
    void theSamePlatformIdTwiceIsOneTurn() throws Exception {
        // Given
        Receipt first = door.receive("webhook", "default", message("u1", "hello"), Optional.empty());
        world.settle();

        // When
        Receipt second = door.receive("webhook", "default", message("u1", "hello"), Optional.empty());
        world.settle();

        // Then
        assertThat(second).isEqualTo(new Receipt(first.messageId(), true));
        assertThat(asked).hasSize(1);
        assertThat(queued()).hasSize(1);
    }

    @Test
    void whatWasAcceptedBeforeAStopIsAnsweredAfterTheNextStart() throws Exception {
        // Given
        assertThat(inbox.drain(LONG)).isTrue();
        wireWithoutStart();
        behaviour = (turn, sink) -> Reply.text("after the start");
        store.accept(new dev.patchbay.hub.store.NewInbound(
                "01J00000000000000000000001",
                "agent:main:webhook:direct:anna",
                "main",
                "webhook",
                Optional.empty(),
                new Envelope("webhook", "default", Peer.direct("anna"), null, null, "late", List.of(), null, true)
                        .toJson(),
                world.clock().instant()));

        // When
        inbox.start();
        world.settle();

        // Then
        assertThat(asked).containsExactly("late");
        assertThat(queued()).hasSize(1);
    }

    @Test
    void whatComesWhileTheHubStillTakesUpWhatItHasWaitsForThat() throws Exception {
        // Given
        InboundDoor closed = closedDoor();
        var early =
                new FutureTask<>(() -> closed.receive("webhook", "default", message("u1", "early"), Optional.empty()));
        var patient =
                new FutureTask<>(() -> closed.receiveAndWait("webhook", "default", message("u2", "patient"), LONG));
        Thread.ofVirtual().start(early);
        Thread.ofVirtual().start(patient);

        // When, then
        assertThatThrownBy(() -> early.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(patient.isDone()).isFalse();
        assertThat(asked).isEmpty();

        // When, then
        closed.open();
        assertThat(early.get(30, TimeUnit.SECONDS).duplicate()).isFalse();
        assertThat(patient.get(30, TimeUnit.SECONDS).text()).isEqualTo("re: patient");
        world.settle();
        assertThat(asked).containsExactlyInAnyOrder("early", "patient");
    }

    @Test
    void aMessageThatCannotBeReadIsSetAsideAndTheNextOneGoes() throws Exception {
        // Given
        wireWithoutStart();
        store.accept(new dev.patchbay.hub.store.NewInbound(
                "01J00000000000000000000001",
                "agent:main:webhook:direct:anna",
                "main",
                "webhook",
                Optional.empty(),
                new byte[] {'{'},
                world.clock().instant()));
        inbox.start();

        // When
        door.receive("webhook", "default", message("u2", "next"), Optional.empty());
        world.settle();

        // Then
        assertThat(asked).containsExactly("next");
        assertThat(store.pendingInbound(0, 10)).isEmpty();
    }

    @Test
    void turnsOfOneSessionDoNotOverlapAndOtherSessionsDoNotWait() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            if (turn.text().equals("slow")) {
                boolean unused = go.await(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            return Reply.text("done " + turn.text());
        };
        door.receive("webhook", "default", message("u1", "slow"), Optional.empty());
        door.receive("webhook", "default", message("u2", "behind"), Optional.empty());

        // When
        TurnOutcome other = conversations.send(chat("other", null)).await(LONG).orElseThrow();
        boolean behindWasAsked = asked.contains("behind");
        go.countDown();
        world.settle();

        // Then
        assertThat(other.text()).isEqualTo("done other");
        assertThat(behindWasAsked).isFalse();
        assertThat(asked).containsSubsequence("slow", "behind");
    }

    @Test
    void aCallerWhoWaitsGetsTheAnswerAndTheQueueDoesNot() throws Exception {
        // When
        Answer answer = door.receiveAndWait("webhook", "default", message("u1", "hello"), LONG);
        world.settle();

        // Then
        assertThat(answer.status()).isEqualTo(Answer.Status.ANSWERED);
        assertThat(answer.text()).isEqualTo("re: hello");
        assertThat(queued()).isEmpty();
    }

    @Test
    void anAnswerThatComesTooLateForTheCallerGoesToTheQueue() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            boolean unused = go.await(LONG.toSeconds(), TimeUnit.SECONDS);
            return Reply.text("late");
        };

        // When
        Answer answer = door.receiveAndWait("webhook", "default", message("u1", "hello"), Duration.ofMillis(1));
        go.countDown();
        world.settle();

        // Then
        assertThat(answer.status()).isEqualTo(Answer.Status.PENDING);
        assertThat(queued()).hasSize(1);
    }

    @Test
    void aRepeatWhileTheTurnRunsTakesTheAnswerFromNobody() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            boolean unused = go.await(LONG.toSeconds(), TimeUnit.SECONDS);
            return Reply.text("late");
        };
        door.receiveAndWait("webhook", "default", message("u1", "hello"), Duration.ofMillis(1));

        // When
        Answer repeat = door.receiveAndWait("webhook", "default", message("u1", "hello"), LONG);
        go.countDown();
        world.settle();

        // Then
        assertThat(repeat.status()).isEqualTo(Answer.Status.PENDING);
        assertThat(queued()).hasSize(1);
    }

    @Test
    void anAnswerThatWasLostOnItsWayIsHadByARepeat() throws Exception {
        // Given
        door.receiveAndWait("webhook", "default", message("u1", "hello"), LONG);

        // When
        Answer repeat = door.receiveAndWait("webhook", "default", message("u1", "hello"), LONG);

        // Then
        assertThat(repeat.receipt().duplicate()).isTrue();
        assertThat(repeat.text()).isEqualTo("re: hello");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aFailedTurnKeepsWhatWasAskedAndSendsNothing() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            throw new AgentFailed("the model is down");
        };

        // When
        TurnOutcome outcome =
                conversations.send(chat("hello", null)).await(LONG).orElseThrow();
        door.receive("webhook", "default", message("u1", "hello"), Optional.empty());
        world.settle();

        // Then
        assertThat(outcome.status()).isEqualTo(TurnOutcome.Status.AGENT_FAILED);
        assertThat(history("agent:main:main")).singleElement().satisfies(line -> assertThat(line.metadata())
                .hasEntrySatisfying("error", error -> assertThat(error).contains("the model is down")));
        assertThat(queued()).isEmpty();
    }

    @Test
    void aRepeatedCallRunsOnceAndGetsTheSameAnswer() throws Exception {
        // Given
        TurnOutcome first = conversations.send(chat("hello", "k1")).await(LONG).orElseThrow();

        // When
        PendingTurn again = conversations.send(chat("hello", "k1"));
        TurnOutcome second = again.await(LONG).orElseThrow();

        // Then
        assertThat(again.isDuplicate()).isTrue();
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.text()).isEqualTo("re: hello");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRepeatedCallWithOtherParametersIsRefused() throws Exception {
        // Given
        conversations.send(chat("hello", "k1")).await(LONG);

        // Then
        assertThatThrownBy(() -> conversations.send(chat("something else", "k1")))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.parameter())
                        .isEqualTo("idempotency_key"));
    }

    @Test
    void aRepeatWhileTheTurnRunsWaitsForTheSameEnd() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            boolean unused = go.await(LONG.toSeconds(), TimeUnit.SECONDS);
            return Reply.text("once");
        };
        PendingTurn first = conversations.send(chat("hello", "k1"));
        PendingTurn second = conversations.send(chat("hello", "k1"));

        // When
        go.countDown();

        // Then
        assertThat(first.await(LONG).orElseThrow().text()).isEqualTo("once");
        assertThat(second.await(LONG).orElseThrow().text()).isEqualTo("once");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aFullLaneRefusesAndNamesTheSession() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            boolean unused = go.await(LONG.toSeconds(), TimeUnit.SECONDS);
            return Reply.text("done");
        };
        for (int i = 0; i < 3; i++) {
            conversations.send(chat("m" + i, null));
        }

        // Then
        assertThatThrownBy(() -> conversations.send(chat("one too many", null)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.FULL))
                .hasMessageContaining("agent:main:main");
        go.countDown();
    }

    @Test
    void aDrainFinishesTheTurnThatRunsAndLeavesTheOthersStored() throws Exception {
        // Given
        var running = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            running.countDown();
            boolean unused = go.await(LONG.toSeconds(), TimeUnit.SECONDS);
            return Reply.text("done");
        };
        conversations.send(chat("running", null));
        PendingTurn waiting = conversations.send(chat("waiting", null));
        boolean started = running.await(10, TimeUnit.SECONDS);

        // When
        world.execute(() -> {
            try {
                inbox.drain(LONG);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        go.countDown();
        TurnOutcome outcome = waiting.await(LONG).orElseThrow();
        world.settle();

        // Then
        assertThat(started).isTrue();
        assertThat(outcome.status()).isIn(TurnOutcome.Status.SHUTTING_DOWN, TurnOutcome.Status.ANSWERED);
        assertThat(store.pendingInbound(0, 10).size()
                        + history("agent:main:main").size() / 2)
                .isEqualTo(2);
    }

    @Test
    void clientsSeeTheTurnLiveAndCatchUpOnItAfterwards() throws Exception {
        // Given
        var seen = new ConcurrentLinkedQueue<HubEvent>();
        behaviour = (turn, sink) -> {
            sink.delta("one ");
            sink.delta("two");
            return Reply.text("one two");
        };
        events.subscribe(Events.Filter.ALL, seen::add);

        // When
        conversations.send(chat("hello", null)).await(LONG);
        world.settle();
        List<HubEvent> missed = events.missed(0, 100, Visibility.WHOLE).events();

        // Then
        assertThat(seen)
                .extracting(HubEvent::type)
                .containsExactly("chat.start", "chat.delta", "chat.delta", "chat.end");
        assertThat(missed).extracting(HubEvent::type).containsExactly("chat.start", "chat.end");
        assertThat(missed.getLast().fields()).containsEntry("text", "one two");
        assertThat(missed.getLast().seq())
                .isEqualTo(seen.stream().toList().getLast().seq());
    }

    @Test
    void aSilentTurnAndAFailedOneAreCaughtUpOnFromBeginningToEnd() throws Exception {
        // Given
        behaviour = (turn, sink) -> Reply.silence();
        conversations.send(chat("nothing to say", null)).await(LONG);
        behaviour = (turn, sink) -> {
            throw new AgentFailed("down");
        };
        conversations.send(chat("hello", null)).await(LONG);
        world.settle();

        // When
        List<HubEvent> missed = events.missed(0, 100, Visibility.WHOLE).events();

        // Then
        assertThat(missed)
                .extracting(HubEvent::type)
                .containsExactly("chat.start", "chat.end", "chat.start", "chat.error");
    }

    @Test
    void aSessionKeyMustParseAndNameAConfiguredAgent() {
        assertThatThrownBy(() -> conversations.send(chatIn("nonsense")))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.parameter())
                        .isEqualTo("session_key"));
        assertThatThrownBy(() -> conversations.send(chatIn("agent:nobody:main")))
                .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.parameter())
                        .isEqualTo("session_key"));
    }
}
