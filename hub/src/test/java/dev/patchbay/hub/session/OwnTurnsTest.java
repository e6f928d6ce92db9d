package dev.patchbay.hub.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.OwnTurns.OwnTurn;
import dev.patchbay.hub.store.Besides;
import dev.patchbay.hub.store.StoredLine;
import dev.patchbay.hub.store.StoredNote;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the hub asks an agent by itself: beside everybody's conversation, and in one piece when it is written. */
class OwnTurnsTest extends SessionFixture {
    private static final String ANNA = "agent:main:webhook:direct:anna";

    @Test
    void theAnswerItsDeliveryAndTheNotesAreWrittenTogether() throws Exception {
        // Given
        OwnTurn turn = turn("own1", SessionKey.heartbeat("main"))
                .to(Optional.of(new Address("webhook", "default", Peer.direct("anna"), null)));

        // When
        TurnResult result = ask(turn, new Cancellation()).orElseThrow();
        inbox.ownTurns().end(turn, result, Besides.notes(List.of(new StoredNote("beats", "main", "now"))));

        // Then
        assertThat(history("agent:main:heartbeat"))
                .extracting(StoredLine::content)
                .containsExactly("work", "re: work");
        assertThat(history("agent:main:heartbeat").getFirst().metadata()).containsEntry("own", "yes");
        assertThat(queued()).singleElement().satisfies(row -> {
            assertThat(row.ref().lane().peerId()).isEqualTo("anna");
            assertThat(row.messageId()).isEqualTo("own1");
        });
        assertThat(store.note("beats", "main")).contains("now");
    }

    @Test
    void aTurnEndsOnceAndItsNotesWithIt() throws Exception {
        // Given
        OwnTurn turn = turn("own1", SessionKey.heartbeat("main"));
        TurnResult result = ask(turn, new Cancellation()).orElseThrow();
        inbox.ownTurns().end(turn, result, Besides.NOTHING);

        // When
        Optional<TurnOutcome> again =
                inbox.ownTurns().end(turn, result, Besides.notes(List.of(new StoredNote("beats", "main", "twice"))));

        // Then
        assertThat(again).isEmpty();
        assertThat(history("agent:main:heartbeat")).hasSize(2);
        assertThat(store.note("beats", "main")).isEmpty();
    }

    @Test
    void aConversationDoesNotWaitForItAndItsLinesStandBehindIt() throws Exception {
        // Given
        var slow = new CountDownLatch(1);
        var began = new CountDownLatch(1);
        behaviour = (asked, sink) -> {
            if (asked.text().equals("work")) {
                began.countDown();
                slow.await();
            }
            return Reply.text("re: " + asked.text());
        };
        OwnTurn turn = turn("own1", SessionKey.parse(ANNA));
        var ended = new CompletableFuture<Optional<TurnOutcome>>();
        Thread.startVirtualThread(() -> {
            try {
                TurnResult result = ask(turn, new Cancellation()).orElseThrow();
                ended.complete(inbox.ownTurns().end(turn, result, Besides.NOTHING));
            } catch (Exception failure) {
                ended.completeExceptionally(failure);
            }
        });
        began.await();

        // When
        door.receive("webhook", "default", message("u1", "hello"), Optional.empty());
        world.settle();
        List<StoredLine> before = history(ANNA);
        slow.countDown();

        // Then
        assertThat(ended.get(20, TimeUnit.SECONDS)).isPresent();
        assertThat(before).extracting(StoredLine::content).containsExactly("hello", "re: hello");
        assertThat(history(ANNA))
                .extracting(StoredLine::content)
                .containsExactly("hello", "re: hello", "work", "re: work");
        assertThat(store.session(ANNA).orElseThrow().identity().channel()).isEqualTo("webhook");
    }

    @Test
    void anAgentThatHeedsNoInterruptIsLeftBehindWhenItIsHalted() throws Exception {
        // Given
        var began = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        behaviour = (asked, sink) -> {
            began.countDown();
            boolean over = false;
            while (!over) {
                try {
                    release.await();
                    over = true;
                } catch (InterruptedException deaf) {
                    over = false;
                }
            }
            return Reply.text("too late");
        };
        var halt = new Cancellation();
        var asked = new CompletableFuture<Optional<TurnResult>>();
        Thread.startVirtualThread(() -> {
            try {
                asked.complete(ask(turn("own1", SessionKey.heartbeat("main")), halt));
            } catch (InterruptedException failure) {
                asked.completeExceptionally(failure);
            }
        });
        began.await();

        // When
        halt.call();

        // Then
        assertThat(asked.get(20, TimeUnit.SECONDS)).isEmpty();
        assertThat(ask(turn("own2", SessionKey.heartbeat("main")), halt)).isEmpty();
        release.countDown();
    }

    @Test
    void itsTimeIsItsOwnAndNotTheAgents() throws Exception {
        // Given
        behaviour = (asked, sink) -> {
            new CountDownLatch(1).await();
            return Reply.silence();
        };

        // When
        TurnResult result = inbox.ownTurns()
                .ask(turn("own1", SessionKey.heartbeat("main")), piece -> {}, Duration.ofMillis(50), new Cancellation())
                .orElseThrow();

        // Then
        assertThat(result).isInstanceOfSatisfying(TurnResult.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(TurnResult.Failed.Kind.TIMED_OUT);
            assertThat(failed.reason()).contains("within 50 ms");
        });
    }

    @Test
    void theLastPeerOfAnAgentIsKnownAfterARestart() throws Exception {
        // Given
        door.receive("webhook", "default", message("u1", "hello"), Optional.empty());
        world.settle();
        conversations.send(chat("hello", null)).await(LONG);

        // When
        wireWithoutStart();
        inbox.start();

        // Then
        assertThat(inbox.lastPeers().of("main")).contains(new Address("webhook", "default", Peer.direct("anna"), null));
        assertThat(inbox.lastPeers().of("other")).isEmpty();
    }

    @Test
    void theLatestOfManyPeersIsWrittenASecondLaterAtMost() throws Exception {
        // Given
        for (int i = 0; i < 20; i++) {
            inbox.lastPeers().seen("main", new Address("webhook", "default", Peer.direct("p" + i), "t"));
        }

        // When
        world.advance(Duration.ofSeconds(2));
        wireWithoutStart();
        inbox.start();

        // Then
        assertThat(inbox.lastPeers().of("main")).contains(new Address("webhook", "default", Peer.direct("p19"), "t"));
    }

    @Test
    void targetsAreReadAndWrittenTheSame() {
        // When, Then
        for (String text : List.of("none", "last", "session", "telegram:default:direct:42", "irc:a:group:#x:y:z")) {
            assertThat(Target.parse(text)).hasToString(text);
        }
        assertThat(Target.parse(" Telegram:Default:dm:42 ")).hasToString("telegram:default:direct:42");
        for (String wrong :
                List.of("", "nobody", "telegram:default:42", "a:b:person:1", ":b:direct:1", "a:b:direct: ")) {
            assertThatThrownBy(() -> Target.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no target");
        }
    }

    @Test
    void theAskersPeerIsTheSessionsWithTheAccountThatItsTranscriptKnows() throws Exception {
        // Given
        door.receive("webhook", "work", message("u1", "hello"), Optional.empty());
        world.settle();

        // When
        Optional<Address> asker = targets.now(Target.ASKER, SessionKey.parse(ANNA));

        // Then
        assertThat(asker).contains(new Address("webhook", "work", Peer.direct("anna"), null));
        assertThat(targets.now(Target.ASKER, SessionKey.main("main"))).isEmpty();
        assertThat(targets.now(Target.NOBODY, SessionKey.parse(ANNA))).isEmpty();
    }

    private Optional<TurnResult> ask(OwnTurn turn, Cancellation halt) throws InterruptedException {
        return inbox.ownTurns().ask(turn, piece -> {}, Agents.UNLIMITED, halt);
    }

    private OwnTurn turn(String id, SessionKey session) {
        return new OwnTurn(
                id,
                session,
                "work",
                world.clock().instant(),
                Optional.empty(),
                Map.of("own", "yes"),
                inbox.ownTurns().bill());
    }
}
