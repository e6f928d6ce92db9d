package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.StoredLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What agents say by themselves, to whom, and when they do not. */
class HeartbeatsSpeakTest extends HeartbeatFixture {
    // ---- what is said

    @Test
    void whatItSaysIsSentAndStandsInItsOwnTranscript() throws Exception {
        // Given
        behaviour = (turn, sink) -> Reply.text("**HEARTBEAT_OK**\nThe disk is full. " + "x".repeat(300));

        // When
        Outcome outcome = run("main");
        world.settle();

        // Then
        assertThat(outcome.result()).isEqualTo(Result.SENT);
        assertThat(outcome.text().orElseThrow()).startsWith("The disk is full.");
        assertThat(sent).containsExactly("anna: " + outcome.text().orElseThrow());
        assertThat(history(SESSION))
                .extracting(StoredLine::content)
                .containsExactly("Heartbeat", outcome.text().get());
    }

    @Test
    void silenceLeavesNoTrace() throws Exception {
        // When
        run("main");

        // Then
        assertThat(history(SESSION)).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(status().lastRun()).contains(now());
    }

    @Test
    void theSameTextIsSaidAgainAfterADayOnly() throws Exception {
        // Given
        var answers = new ArrayList<>(List.of("A", "B", "A"));
        behaviour = (turn, sink) -> Reply.text(answers.isEmpty() ? "A" : answers.removeFirst());

        // When
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            results.add(run("main").result());
            world.settle();
        }

        // Then
        assertThat(results).containsExactly(Result.SENT, Result.SENT, Result.DUPLICATE);
        heartbeats.close();
        world.advance(Duration.ofHours(24));
        again(usual());
        assertThat(run("main").result()).isEqualTo(Result.SENT);
    }

    @Test
    void aFailureIsNeverAMessage() throws Exception {
        // Given: an agent that apologises to users
        behaviour = (turn, sink) -> {
            throw new AgentFailed("no key");
        };

        // When
        Outcome outcome = run("main");
        world.settle();

        // Then
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.error().orElseThrow()).contains("no key");
        assertThat(sent).isEmpty();
        assertThat(history(SESSION)).singleElement().satisfies(line -> assertThat(line.metadata())
                .containsKey("error"));
        assertThat(status().error().orElseThrow()).contains("no key");
    }

    @Test
    void failuresDoNotCloseTheAgentToUsers() throws Exception {
        // Given: two failures in a row would
        behaviour = (turn, sink) -> {
            if (turn.text().equals("hello")) {
                return Reply.text("hello yourself");
            }
            throw new AgentFailed("no key");
        };

        // When
        for (int i = 0; i < 5; i++) {
            run("main");
        }

        // Then
        assertThat(user().get(20, TimeUnit.SECONDS)).isInstanceOf(TurnResult.Answered.class);
    }

    @Test
    void withoutALastPeerItFailsAndNobodyIsAsked() throws Exception {
        // Given
        begin(spec("agent0", HALF_HOUR, Optional.empty(), Target.LAST_PEER));

        // When
        Outcome outcome = run("agent0");

        // Then
        assertThat(outcome.result()).isEqualTo(Result.FAILED);
        assertThat(outcome.error().orElseThrow()).startsWith("no target");
        assertThat(asked).isEmpty();
        assertThat(status("agent0").lastResult()).contains(Result.FAILED);
    }

    @Test
    void whatIsForNobodyStaysInTheTranscript() throws Exception {
        // Given
        begin(spec("agent0", HALF_HOUR, Optional.empty(), Target.NOBODY));
        behaviour = (turn, sink) -> Reply.text("Note to myself");

        // When
        Outcome outcome = run("agent0");
        world.settle();

        // Then
        assertThat(outcome.result()).isEqualTo(Result.SENT);
        assertThat(sent).isEmpty();
        assertThat(history("agent:agent0:heartbeat")).hasSize(2);
    }
}
