package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.AgentFixture.failed;
import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Agent;
import dev.patchbay.api.Attachment;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class AgentsTest {
    @RegisterExtension
    final AgentFixture fixture = new AgentFixture();

    @Test
    void anAnswerWithoutPiecesIsShownInOne() throws Exception {
        // Given
        Agents agents = fixture.open("main", (turn, sink) -> Reply.text("Hello"));

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(result).isEqualTo(new TurnResult.Answered("main", Reply.text("Hello"), "Hello"));
        assertThat(fixture.shown).containsExactly("Hello");
    }

    @Test
    void severalMessagesAreOneTextWithABlankLineBetween() throws Exception {
        // Given
        var file = new Attachment("http://127.0.0.1/cat.png", "image/png", null);
        var messages = List.of(
                new Reply.Message("one", List.of()),
                new Reply.Message("  ", List.of()),
                new Reply.Message("", List.of(file)),
                new Reply.Message("two", List.of()));
        Agents agents = fixture.open("main", (turn, sink) -> new Reply(messages, 3, 4));

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        var kept = List.of(messages.get(0), messages.get(2), messages.get(3));
        assertThat(result).isEqualTo(new TurnResult.Answered("main", new Reply(kept, 3, 4), "one\n\ntwo"));
        assertThat(fixture.shown).containsExactly("one\n\ntwo");
        assertThat(fixture.meters.scrape())
                .contains("patchbay_agent_tokens_total{agent=\"main\",direction=\"input\"} 3")
                .contains("patchbay_agent_tokens_total{agent=\"main\",direction=\"output\"} 4");
    }

    @Test
    void noMessagesAndBlankOnesAreSilence() throws Exception {
        // Given
        Agents agents = fixture.open("main", (turn, sink) -> {
            sink.delta(" ");
            sink.delta("\n");
            return turn.text().equals("blank") ? Reply.text(" \n") : Reply.silence();
        });

        // When
        TurnResult blank = agents.run("main", turn("blank"), fixture.shown::add);
        TurnResult none = agents.run("main", turn("none"), fixture.shown::add);

        // Then
        assertThat(List.of(blank, none)).containsOnly(new TurnResult.Silent("main"));
        assertThat(fixture.shown).isEmpty();
    }

    @Test
    void piecesThatDoNotAddUpToTheReplyAreAFailure() throws Exception {
        // Given
        Agents agents = fixture.open("main", (turn, sink) -> {
            sink.delta("Hel");
            return Reply.text("Hello");
        });

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(failed(result).reason()).isEqualTo("agent main: the pieces it showed do not add up to its reply");
    }

    @Test
    void halfOfASurrogatePairWaitsForTheOtherAndAloneBecomesAReplacement() throws Exception {
        // Given
        String text = "a\uD83D\uDE00b\uD83D";
        Agents agents = fixture.open("main", (turn, sink) -> {
            sink.delta("a\uD83D");
            sink.delta("\uDE00b");
            sink.delta("\uD83D");
            return Reply.text(text);
        });

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(fixture.shown).containsExactly("a", "\uD83D\uDE00b", "\uFFFD");
        assertThat(result).isInstanceOfSatisfying(TurnResult.Answered.class, answered -> assertThat(answered.text())
                .isEqualTo("a\uD83D\uDE00b\uFFFD")
                .isEqualTo(String.join("", fixture.shown)));
    }

    static Stream<Arguments> tooMuch() {
        String eleven = "x".repeat(11 * 1024 * 1024);
        String accents = "é".repeat(6 * 1024 * 1024);
        return Stream.of(
                Arguments.of("one long piece", (Agent) (turn, sink) -> {
                    sink.delta(eleven);
                    return Reply.text(eleven);
                }),
                Arguments.of("many pieces", (Agent) (turn, sink) -> {
                    while (true) {
                        sink.delta(eleven.substring(0, 1024 * 1024));
                    }
                }),
                Arguments.of("a long reply", (Agent) (turn, sink) -> Reply.text(eleven)),
                Arguments.of("a reply long in bytes", (Agent) (turn, sink) -> Reply.text(accents)),
                Arguments.of("101 messages", (Agent)
                        (turn, sink) -> new Reply(Collections.nCopies(101, new Reply.Message("x", List.of())), 0, 0)),
                Arguments.of("101 attachments", (Agent) (turn, sink) -> new Reply(
                        List.of(new Reply.Message(
                                "x", Collections.nCopies(101, new Attachment("http://127.0.0.1/", null, null)))),
                        0,
                        0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooMuch")
    void anAnswerOverABoundIsAFailure(String name, Agent agent) throws Exception {
        // Given
        Agents agents = fixture.open("main", agent);

        // When
        TurnResult result = agents.run("main", turn("Hi"), piece -> {});

        // Then
        assertThat(failed(result).kind()).isEqualTo(Kind.FAILED);
        assertThat(failed(result).reason()).containsAnyOf("longer than 10 MB", "more than 100");
    }

    @Test
    void closingClosesEveryAgentOnceThoughOneBreaks() {
        // Given
        var closed = new AtomicInteger();
        fixture.plugin.with("main", new ClosingAgent(() -> {
            throw new IllegalStateException("never");
        }));
        fixture.plugin.with("spare", new ClosingAgent(closed::incrementAndGet));
        Agents agents = fixture.open(
                spec("main", "scripted").build(), spec("spare", "scripted").build());

        // When
        agents.close();
        agents.close();

        // Then
        assertThat(closed.get()).isEqualTo(1);
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        // When, Then
        assertThatThrownBy(() -> spec("main", "echo").places(0).build()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> spec("main", "echo").timeout(Duration.ZERO).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    private record ClosingAgent(Runnable onClose) implements Agent {
        @Override
        public Reply reply(dev.patchbay.api.Turn turn, dev.patchbay.api.ReplySink sink) {
            return Reply.silence();
        }

        @Override
        public void close() {
            onClose.run();
        }
    }
}
