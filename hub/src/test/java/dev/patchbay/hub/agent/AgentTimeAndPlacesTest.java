package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.AgentFixture.failed;
import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult.Failed.Kind;
import dev.patchbay.hub.lane.HeldStopwatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AgentTimeAndPlacesTest {
    @RegisterExtension
    final AgentFixture fixture = new AgentFixture();

    @Test
    void aTurnThatIsTooLateIsGivenUpAndReachesNobodyAnyMore() throws Exception {
        // Given
        HeldStopwatch time = fixture.hold();
        var refused = new AtomicReference<Throwable>();
        var ended = new CountDownLatch(1);
        fixture.plugin.with("main", (turn, sink) -> {
            sink.delta("Just a ");
            time.go();
            stubborn(fixture.release);
            try {
                sink.delta("moment");
            } catch (Throwable tooLate) {
                refused.set(tooLate);
            }
            ended.countDown();
            return Reply.text("Just a moment");
        });
        Agents agents = fixture.open(spec("main", "scripted")
                .timeout(Duration.ofMillis(100))
                .places(1)
                .build());

        // When
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);
        int runningAfterwards = agents.status().getFirst().running();
        fixture.release.countDown();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();

        // Then
        assertThat(result)
                .isEqualTo(new TurnResult.Failed(
                        "main", Kind.TIMED_OUT, "agent main: no answer within 100 ms", Optional.empty()));
        assertThat(fixture.shown).containsExactly("Just a ");
        assertThat(refused).hasValueMatching(thrown -> thrown instanceof java.util.concurrent.CancellationException);
        assertThat(runningAfterwards).isEqualTo(1);
    }

    @Test
    void aTurnThatGetsNoPlaceInTimeIsLateWithoutHavingStarted() throws Exception {
        // Given
        HeldStopwatch time = fixture.hold();
        var calls = new AtomicInteger();
        fixture.plugin.with("main", (turn, sink) -> {
            calls.incrementAndGet();
            time.go();
            stubborn(fixture.release);
            return Reply.silence();
        });
        Agents agents = fixture.open(spec("main", "scripted")
                .timeout(Duration.ofMillis(100))
                .places(1)
                .build());
        agents.run("main", turn("one"), fixture.shown::add);

        // When
        TurnResult second = agents.run("main", turn("two"), fixture.shown::add);

        // Then
        assertThat(failed(second))
                .isEqualTo(new TurnResult.Failed(
                        "main", Kind.TIMED_OUT, "agent main: no place free among 1 within 100 ms", Optional.empty()));
        assertThat(calls.get()).isEqualTo(1);
    }

    @Test
    void turnsOverTheNumberOfPlacesRunOneAfterTheOther() throws Exception {
        // Given
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        fixture.plugin.with("main", (turn, sink) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            running.decrementAndGet();
            return Reply.text("done");
        });
        Agents agents = fixture.open(spec("main", "scripted").places(2).build());

        // When
        List<TurnResult> results = fixture.sideBySide(agents, 200);

        // Then
        assertThat(results).hasSize(200).allMatch(TurnResult.Answered.class::isInstance);
        assertThat(most.get()).isBetween(1, 2);
        assertThat(agents.status().getFirst().running()).isZero();
    }

    @Test
    void aThousandSessionsAreAnsweredSideBySide() throws Exception {
        // Given
        var allThere = new CountDownLatch(1_000);
        Agents agents = fixture.open("main", (turn, sink) -> {
            allThere.countDown();
            allThere.await();
            return Reply.text("done");
        });

        // When
        List<TurnResult> results = fixture.sideBySide(agents, 1_000);

        // Then
        assertThat(results).hasSize(1_000).allMatch(TurnResult.Answered.class::isInstance);
    }

    @Test
    void interruptingTheCallerEndsTheAgentsThreadAndCountsNothing() throws Exception {
        // Given
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        Agents agents = fixture.open("main", (turn, sink) -> {
            started.countDown();
            try {
                fixture.release.await();
            } catch (InterruptedException stop) {
                interrupted.countDown();
                throw stop;
            }
            return Reply.text("done");
        });
        var thrown = new AtomicReference<Throwable>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                agents.run("main", turn("Hi"), fixture.shown::add);
            } catch (Throwable stop) {
                thrown.set(stop);
            }
        });
        started.await();

        // When
        caller.interrupt();
        caller.join();

        // Then
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(thrown).hasValueMatching(InterruptedException.class::isInstance);
        assertThat(fixture.meters.scrape()).doesNotContain("patchbay_turn_seconds_count");
    }

    /** Waits whatever happens. */
    private static void stubborn(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException ignored) {
                // That is what it is for.
            }
        }
    }
}
