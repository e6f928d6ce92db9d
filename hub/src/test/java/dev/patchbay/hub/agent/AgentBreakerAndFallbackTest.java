package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.AgentFixture.failed;
import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import dev.patchbay.hub.lane.HeldStopwatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AgentBreakerAndFallbackTest {
    @RegisterExtension
    final AgentFixture fixture = new AgentFixture();

    @Test
    void fiveFailuresInARowOpenTheBreakerAndAGoodTrialClosesIt() throws Exception {
        // Given
        var calls = new AtomicInteger();
        var healthy = new AtomicBoolean();
        Agents agents = fixture.open("main", (turn, sink) -> {
            calls.incrementAndGet();
            if (!healthy.get()) {
                throw new AgentFailed("ill");
            }
            return Reply.text("well");
        });

        // When
        for (int i = 0; i < 7; i++) {
            agents.run("main", turn("Hi"), fixture.shown::add);
        }
        TurnResult.Failed leftAlone = failed(agents.run("main", turn("Hi"), fixture.shown::add));
        int callsWhileOpen = calls.get();
        String open = fixture.breakerGauge();
        fixture.clock.tick(Duration.ofSeconds(61));
        TurnResult trial = agents.run("main", turn("Hi"), fixture.shown::add);
        int callsAfterTrial = calls.get();
        TurnResult leftAloneAgain = agents.run("main", turn("Hi"), fixture.shown::add);
        healthy.set(true);
        fixture.clock.tick(Duration.ofSeconds(61));
        TurnResult recovered = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(leftAlone.reason()).isEqualTo("agent main: left alone for 60 s after 5 failures in a row");
        assertThat(callsWhileOpen).isEqualTo(5);
        assertThat(open).isEqualTo("2");
        assertThat(failed(trial).reason()).isEqualTo("agent main: ill");
        assertThat(callsAfterTrial).isEqualTo(6);
        assertThat(failed(leftAloneAgain).reason()).contains("left alone");
        assertThat(recovered).isInstanceOf(TurnResult.Answered.class);
        assertThat(calls.get()).isEqualTo(7);
        assertThat(fixture.breakerGauge()).isEqualTo("0");
        assertThat(agents.status().getFirst().breaker()).isEqualTo(AgentStatus.Breaker.CLOSED);
    }

    @Test
    void whileATrialRunsTheBreakerIsHalfOpenAndLetsNobodyElseThrough() throws Exception {
        // Given
        var trialRuns = new CountDownLatch(1);
        fixture.plugin.with("main", (turn, sink) -> {
            if (turn.text().equals("trial")) {
                trialRuns.countDown();
                fixture.release.await();
                return Reply.text("well");
            }
            throw new AgentFailed("ill");
        });
        Agents agents = fixture.open(spec("main", "scripted").build());
        for (int i = 0; i < 5; i++) {
            agents.run("main", turn("Hi"), fixture.shown::add);
        }
        fixture.clock.tick(Duration.ofSeconds(61));
        var trial = new AtomicReference<TurnResult>();
        Thread first = Thread.startVirtualThread(() -> {
            try {
                trial.set(agents.run("main", turn("trial"), fixture.shown::add));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        trialRuns.await();

        // When
        TurnResult second = agents.run("main", turn("Hi"), fixture.shown::add);
        String duringTrial = fixture.breakerGauge();
        fixture.release.countDown();
        first.join();

        // Then
        assertThat(failed(second).reason()).contains("left alone");
        assertThat(duringTrial).isEqualTo("1");
        assertThat(trial.get()).isInstanceOf(TurnResult.Answered.class);
        assertThat(fixture.breakerGauge()).isEqualTo("0");
    }

    @Test
    void failuresBetweenGoodTurnsLeaveTheBreakerClosed() throws Exception {
        // Given
        var calls = new AtomicInteger();
        Agents agents = fixture.open("main", (turn, sink) -> {
            if (calls.incrementAndGet() % 4 != 0) {
                throw new AgentFailed("ill");
            }
            return Reply.text("well");
        });

        // When
        for (int i = 0; i < 40; i++) {
            agents.run("main", turn("Hi"), fixture.shown::add);
        }

        // Then
        assertThat(calls.get()).isEqualTo(40);
    }

    @Test
    void aFailedTurnGoesDownTheChainOfFallbacksEachUnderItsOwnName() throws Exception {
        // Given
        HeldStopwatch time = fixture.hold();
        var seen = Collections.synchronizedList(new ArrayList<String>());
        fixture.plugin.with("main", (turn, sink) -> {
            seen.add(turn.agentId());
            throw new AgentFailed("ill");
        });
        fixture.plugin.with("second", (turn, sink) -> {
            seen.add(turn.agentId());
            time.go();
            fixture.release.await();
            return Reply.silence();
        });
        fixture.plugin.with("third", (turn, sink) -> {
            seen.add(turn.agentId());
            return Reply.text("here");
        });
        Agents agents = fixture.open(
                spec("main", "scripted").fallback("second").build(),
                spec("second", "scripted")
                        .fallback("third")
                        .timeout(Duration.ofMillis(50))
                        .build(),
                spec("third", "scripted").build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(seen).containsExactly("main", "second", "third");
        assertThat(result).isEqualTo(new TurnResult.Answered("third", Reply.text("here"), "here"));
    }

    @Test
    void whenEverybodyInTheChainFailsTheFailureIsThatOfTheOneWhoWasAsked() throws Exception {
        // Given
        fixture.plugin.with("main", (turn, sink) -> {
            fixture.release.await();
            return Reply.silence();
        });
        fixture.plugin.with("spare", (turn, sink) -> {
            throw new AgentFailed("ill");
        });
        Agents agents = fixture.open(
                spec("main", "scripted")
                        .fallback("spare")
                        .timeout(Duration.ofMillis(50))
                        .build(),
                spec("spare", "scripted").fallback("main").build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(result)
                .isEqualTo(new TurnResult.Failed(
                        "main",
                        Kind.TIMED_OUT,
                        "agent main: no answer within 50 ms; fallback spare: ill",
                        Optional.empty()));
    }

    @Test
    void noFallbackAnswersOnceAPieceWasShown() throws Exception {
        // Given
        var spareCalls = new AtomicInteger();
        fixture.plugin.with("main", (turn, sink) -> {
            sink.delta("Well, ");
            throw new AgentFailed("ill");
        });
        fixture.plugin.with("spare", (turn, sink) -> {
            spareCalls.incrementAndGet();
            return Reply.text("here");
        });
        Agents agents = fixture.open(
                spec("main", "scripted").fallback("spare").build(),
                spec("spare", "scripted").build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(failed(result).reason()).isEqualTo("agent main: ill");
        assertThat(spareCalls.get()).isZero();
        assertThat(fixture.shown).containsExactly("Well, ");
    }
}
