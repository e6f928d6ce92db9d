package dev.patchbay.hub.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Command;
import dev.patchbay.api.InboundMessage;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.event.HubEvent;
import dev.patchbay.hub.store.SessionFilter;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub answers in the agent's place. */
class ChatCommandsTest extends SessionFixture {
    private static final String ANNA = "agent:main:webhook:direct:anna";

    @ParameterizedTest
    @ValueSource(strings = {"/start", "/help", "/status", "/new", " /help me\nplease", "/start invite-42"})
    void aCommandIsAnsweredThroughTheQueueAndTheAgentIsNotAsked(String text) throws Exception {
        // When
        say("u1", text);
        say("u1", text);

        // Then
        assertThat(asked).isEmpty();
        assertThat(queued()).hasSize(1);
        assertThat(store.pendingInbound(0, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unknown", "/Help", "/helpme", "help", "/", "/ help", "see /help", "//help", "/stopnow"})
    void allElseIsTheAgents(String text) throws Exception {
        // When
        say("u1", text);

        // Then
        assertThat(asked).containsExactly(text);
    }

    @Test
    void anAccountWithoutCommandsLeavesThemToTheAgentAndShowsNone() throws Exception {
        // When
        door.receive("webhook", "plain", message("u1", "/help"), Optional.empty());
        world.settle();

        // Then
        assertThat(asked).containsExactly("/help");
        assertThat(commands.of("webhook", "plain")).isEmpty();
        assertThat(commands.of("webhook", "default"))
                .extracting(Command::name)
                .containsExactly("start", "new", "stop", "status", "help");
    }

    @Test
    void newPutsTheTranscriptAwayAndLeavesAnEmptyOne() throws Exception {
        // Given
        say("u1", "hello");

        // When
        say("u2", "/new");

        // Then
        assertThat(history(ANNA)).isEmpty();
        assertThat(store.session(ANNA)).map(StoredSession::messageCount).contains(0L);
        assertThat(archives())
                .singleElement()
                .satisfies(each -> assertThat(each.identity().sessionKey()).isEqualTo(ANNA));
        assertThat(queued()).hasSize(2);

        // When
        say("u3", "again");

        // Then
        assertThat(history(ANNA)).extracting(StoredLine::content).containsExactly("again", "re: again");
        assertThat(archives()).hasSize(1);
    }

    @Test
    void newWaitsForItsPlaceInTheLane() throws Exception {
        // Given
        var go = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            go.await();
            return Reply.text("re: " + turn.text());
        };
        door.receive("webhook", "default", message("u1", "before"), Optional.empty());
        door.receive("webhook", "default", message("u2", "/new"), Optional.empty());
        door.receive("webhook", "default", message("u3", "after"), Optional.empty());

        // When
        go.countDown();
        world.settle();

        // Then
        assertThat(history(ANNA)).extracting(StoredLine::content).containsExactly("after", "re: after");
        String archive = archives().getFirst().archiveId().orElseThrow();
        assertThat(store.archive(ANNA, archive, 10, Optional.empty()).items())
                .extracting(StoredLine::content)
                .startsWith("before", "re: before", "/new");
    }

    @Test
    void aCommandThatWaitedInTheInboxIsAnsweredAfterTheNextStart() throws Exception {
        // Given
        wireWithoutStart();
        door.receive("webhook", "default", message("u1", "/new"), Optional.empty());
        world.settle();
        assertThat(archives()).hasSize(1);
        wireWithoutStart();

        // When
        inbox.start();
        say("u1", "/new");

        // Then
        assertThat(archives()).hasSize(1);
        assertThat(queued()).hasSize(1);
    }

    @Test
    void programsGetTheAnswerAndARepeatIsRecognised() throws Exception {
        // When
        TurnOutcome first = conversations.send(chat("/new", "k")).await(LONG).orElseThrow();
        PendingTurn repeat = conversations.send(chat("/new", "k"));

        // Then
        assertThat(first.status()).isEqualTo(TurnOutcome.Status.ANSWERED);
        assertThat(first.text()).contains("new conversation");
        assertThat(repeat.isDuplicate()).isTrue();
        assertThat(repeat.await(LONG)).map(TurnOutcome::text).contains(first.text());
        assertThat(events.missed(0, 10).events()).extracting(HubEvent::type).containsExactly("chat.start", "chat.end");
    }

    @Test
    void statusTellsWhoAnswersAndWhatWaitsAndNothingElse() throws Exception {
        // Given
        say("u1", "hello");

        // When
        say("u2", "/status");

        // Then
        assertThat(history(ANNA).getLast().content()).isEqualTo("""
            Agent: main
            Session: agent:main:webhook:direct:anna
            Messages: 2
            Waiting to be sent: 1
            Hub: 1.2.3\
            """);
    }

    @Test
    void agentsAreNotShownTheLinesOfCommands() throws Exception {
        // Given
        var seen = new ArrayList<String>();
        behaviour = (turn, sink) -> {
            turn.history().latest(10).stream().map(Turn.Line::content).forEach(seen::add);
            return Reply.text("re: " + turn.text());
        };
        say("u1", "hello");
        say("u2", "/help");

        // When
        say("u3", "again");

        // Then
        assertThat(seen).containsExactly("hello", "re: hello");
    }

    @Test
    void aStrangerIsTurnedAwayAndItsNoteIsKept() throws Exception {
        // When
        var receipt = door.receive(
                "telegram", "default", message("u1", "hello"), Optional.of(new dev.patchbay.api.Note("offset", "7")));
        var answer = door.receiveAndWait("telegram", "default", message("u2", "hello"), Duration.ofSeconds(1));
        world.settle();

        // Then
        assertThat(receipt.isTurnedAway()).isTrue();
        assertThat(answer.receipt().isTurnedAway()).isTrue();
        assertThat(door.note("telegram", "default", "offset")).contains("7");
        assertThat(asked).isEmpty();
        assertThat(store.sessions(SessionFilter.ALL, 10, Optional.empty()).items())
                .isEmpty();
        assertThat(queued()).singleElement().satisfies(each -> assertThat(
                        new String(each.body(), StandardCharsets.UTF_8))
                .contains("patchbay pairing approve"));
    }

    @Test
    void anAddressedMessageInAGroupComesInAndAnotherDoesNot() throws Exception {
        // Given
        var group = new Peer(Peer.Kind.GROUP, "-100");

        // When
        var meant = door.receive(
                "telegram", "default", InboundMessage.from(group, "meant").build(), Optional.empty());
        var chatter = door.receive(
                "telegram",
                "default",
                InboundMessage.from(group, "chatter").addressed(false).build(),
                Optional.empty());
        world.settle();

        // Then
        assertThat(meant.isTurnedAway()).isFalse();
        assertThat(chatter.isTurnedAway()).isTrue();
        assertThat(asked).containsExactly("meant");
    }

    private void say(String remoteId, String text) throws Exception {
        door.receive("webhook", "default", message(remoteId, text), Optional.empty());
        world.settle();
    }

    private List<StoredSession> archives() throws Exception {
        return store.sessions(new SessionFilter(Optional.empty(), Optional.empty(), true), 10, Optional.empty())
                .items();
    }
}
