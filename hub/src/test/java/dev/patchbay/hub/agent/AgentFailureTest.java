package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.AgentFixture.failed;
import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class AgentFailureTest {
    @RegisterExtension
    final AgentFixture fixture = new AgentFixture();

    static Stream<Arguments> troubles() {
        return Stream.of(
                Arguments.of(
                        (Agent) (turn, sink) -> {
                            throw new IllegalStateException("the password is hunter2");
                        },
                        "it threw IllegalStateException"),
                Arguments.of((Agent) (turn, sink) -> endless(0), "it threw StackOverflowError"),
                Arguments.of(
                        (Agent) (turn, sink) -> {
                            throw new OutOfMemoryError("not really");
                        },
                        "it threw OutOfMemoryError"),
                Arguments.of(
                        (Agent) (turn, sink) -> {
                            throw new NoClassDefFoundError("gone/Missing");
                        },
                        "it threw NoClassDefFoundError"),
                Arguments.of(
                        (Agent) (turn, sink) -> {
                            throw new InterruptedException();
                        },
                        "it stopped by itself"),
                Arguments.of((Agent) (turn, sink) -> nothing(), "it gave no reply"),
                Arguments.of(
                        (Agent) (turn, sink) -> {
                            throw new AgentFailed("the model said no\nto key sk-12345678");
                        },
                        "the model said no to key ***"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("troubles")
    void whateverAnAgentThrowsCostsItsOwnTurnAndTellsNoSecret(Agent agent, String reason) throws Exception {
        // Given
        fixture.plugin.with("main", agent);
        Agents agents = fixture.open(spec("main", "scripted")
                .settings(Map.of("api-keys", List.of("sk-12345678")))
                .build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(result)
                .isEqualTo(new TurnResult.Failed("main", Kind.FAILED, "agent main: " + reason, Optional.empty()));
        assertThat(fixture.shown).isEmpty();
        assertThat(fixture.meters.scrape()).contains("patchbay_turn_seconds_count{agent=\"main\",result=\"failed\"} 1");
    }

    @Test
    void anAgentThatApologisesTellsThePeerItsFailureTextAndNothingElse() throws Exception {
        // Given
        fixture.plugin.with("main", (turn, sink) -> {
            throw new AgentFailed("internal");
        });
        Agents agents = fixture.open(spec("main", "scripted").apologising().build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(failed(result).peerText()).contains("Sorry.");
    }

    @Test
    void anAgentNobodyKnowsIsAFailure() throws Exception {
        // Given
        Agents agents = fixture.open("main", (turn, sink) -> Reply.text("Hello"));

        // When
        TurnResult result = agents.run("nobody", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(failed(result).reason()).isEqualTo("there is no agent nobody");
        assertThat(agents.knows("nobody")).isFalse();
        assertThat(agents.ids()).containsExactly("main");
    }

    @Test
    void anAgentThatCannotBeOpenedIsShownAndLeavesItsTurnsToTheFallback() throws Exception {
        // Given
        fixture.plugin.with("spare", (turn, sink) -> Reply.text("from the spare"));
        Agents agents = fixture.open(
                spec("main", "scripted")
                        .fallback("spare")
                        .settings(Map.of("password", "hunter2"))
                        .build(),
                spec("lost", "unheard-of").build(),
                spec("spare", "scripted").build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(result).isInstanceOfSatisfying(TurnResult.Answered.class, answered -> assertThat(answered.agentId())
                .isEqualTo("spare"));
        assertThat(agents.status())
                .extracting(AgentStatus::trouble)
                .containsExactly(
                        Optional.of("no script for it; its password is ***"),
                        Optional.of("there is no plugin for agents of type unheard-of"),
                        Optional.empty());
    }

    /** Never ends by itself, but the compiler cannot know. */
    private static Reply endless(int depth) {
        return depth < 0 ? Reply.silence() : endless(depth + 1 & Integer.MAX_VALUE);
    }

    @SuppressWarnings("NullAway") // what a plugin compiled elsewhere may do
    private static Reply nothing() {
        return null;
    }
}
