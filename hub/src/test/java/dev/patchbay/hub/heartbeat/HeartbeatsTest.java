package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.Outbound;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.StoredLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What agents say by themselves, and when they do not. */
class HeartbeatsTest extends PulseFixture {
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);
    private static final Duration LONGEST = Duration.ofMinutes(33);
    private static final SilenceRule RULE = new SilenceRule("HEARTBEAT_OK", 300);
    private static final String SESSION = "agent:main:heartbeat";

    private Path file;
    private Heartbeats heartbeats;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("HEARTBEAT.md");
        Files.writeString(file, "- look at the mail");
        begin(usual());
    }

    // ---- when

    @Test
    void theFirstOneComesOneIntervalAfterTheFirstStartAndATenthAtMost() throws Exception {
        // Then: the clock stands at 10:00
        assertThat(status().nextRun().orElseThrow()).isBetween(now().plus(HALF_HOUR), now().plus(LONGEST));
        assertThat(status().skipped()).contains(Check.INTERVAL);
        world.advance(HALF_HOUR.minusSeconds(1));
        assertThat(asked).isEmpty();

        // When
        world.advance(Duration.ofMinutes(3).plusSeconds(1));

        // Then
        assertThat(asked).singleElement().asString().contains("look at the mail", "HEARTBEAT_OK");
        assertThat(status().lastResult()).contains(Result.SILENT);
    }

    @Test
    void aRestartDoesNotPutTheFirstOneOff() throws Exception {
        // Given
        Instant first = status().nextRun().orElseThrow();
        world.advance(Duration.ofMinutes(20));

        // When
        again(usual());

        // Then
        assertThat(status().nextRun()).contains(first);
    }

    @Test
    void nothingIsRepeatedAfterARestart() throws Exception {
        // Given: one was said
        behaviour = (turn, sink) -> Reply.text("The disk is full");
        world.advance(LONGEST);
        HeartbeatStatus before = status();
        assertThat(sent).containsExactly("anna: The disk is full");

        // When
        again(usual());

        // Then: what it was and when the next one comes is as before, and the same text is not said again
        assertThat(status()).isEqualTo(before);
        world.advance(LONGEST);
        assertThat(status().lastResult()).contains(Result.DUPLICATE);
        assertThat(sent).hasSize(1);
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatWasMissedWhileDownIsMadeUpOnce() throws Exception {
        // Given: the hub is down for days
        heartbeats.close();
        world.advance(Duration.ofDays(3));
        assertThat(asked).isEmpty();

        // When
        again(usual());
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(asked).hasSize(1);
        world.advance(HALF_HOUR.minusMinutes(2));
        assertThat(asked).hasSize(1);
    }

    @Test
    void aShorterIntervalHoldsFromTheNextStart() throws Exception {
        // When
        again(spec("main", Duration.ofMinutes(1), Optional.empty(), ANNA));

        // Then
        assertThat(status().nextRun().orElseThrow()).isBefore(now().plusSeconds(67));
    }

    @Test
    void outsideOfItsHoursItRestsAndBeginsWithThem() throws Exception {
        // Given: from 12 to 14, and it is 10
        begin(spec("agent0", HALF_HOUR, Optional.of(new ActiveHours(12 * 60, 14 * 60, ZoneOffset.UTC)), ANNA));

        // When
        world.advance(Duration.ofMinutes(40));

        // Then
        HeartbeatStatus waits = status("agent0");
        assertThat(waits.skipped()).contains(Check.HOURS);
        assertThat(waits.lastResult()).contains(Result.SKIPPED);
        assertThat(waits.nextRun().orElseThrow()).isBetween(at("12:00"), at("12:01"));

        // When
        world.advance(Duration.ofMinutes(81));

        // Then
        assertThat(status("agent0").lastResult()).contains(Result.SILENT);
    }

    @Test
    void manyOfTheSameMomentDoNotRunAllAtOnce() throws Exception {
        // Given: threads that the test does not wait for, and agents that take their time
        var release = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            release.await();
            return Reply.text("HEARTBEAT_OK");
        };
        heartbeats.close();
        heartbeats = new Heartbeats(
                IntStream.range(0, OTHERS)
                        .mapToObj(i -> spec("agent" + i, HALF_HOUR, Optional.empty(), Target.NOBODY))
                        .toList(),
                means(),
                new World(world.clock(), world, Thread::startVirtualThread, new Random(1)));
        heartbeats.start(Instant.EPOCH);

        // When
        world.advance(LONGEST);
        await(() -> asked.size() == Heartbeats.AT_ONCE_MAX);

        // Then: the others come when there is room
        assertThat(asked).hasSize(Heartbeats.AT_ONCE_MAX);
        release.countDown();
        await(() -> heartbeats.status().stream()
                        .filter(each -> each.lastResult().isPresent())
                        .count()
                == OTHERS);
        assertThat(asked).hasSize(OTHERS);
    }

    // ---- what is in the way

    @Test
    void anAgentWithoutOneIsDisabled() throws Exception {
        assertThat(status("agent1").isEnabled()).isFalse();
        assertThat(status("agent1").skipped()).contains(Check.DISABLED);
        assertThat(run("agent1")).isEqualTo(Outcome.skipped(Check.DISABLED));
        assertThat(heartbeats.run("nobody")).isEmpty();
    }

    @Test
    void oneThatIsSwitchedOffIsDisabled() throws Exception {
        // When
        begin(new HeartbeatSpec("agent0", false, HALF_HOUR, file, Optional.empty(), ANNA, RULE));
        world.advance(LONGEST);

        // Then
        assertThat(status("agent0").skipped()).contains(Check.DISABLED);
        assertThat(run("agent0").result()).isEqualTo(Result.SKIPPED);
    }

    @Test
    void onRequestIntervalAndHoursAreNoObstacle() throws Exception {
        // Given
        begin(spec("agent0", HALF_HOUR, Optional.of(new ActiveHours(12 * 60, 14 * 60, ZoneOffset.UTC)), ANNA));

        // Then
        assertThat(run("agent0").result()).isEqualTo(Result.SILENT);
    }

    @Test
    void withoutAnythingToLookAtNobodyIsAsked() throws Exception {
        // Given
        Files.writeString(file, "# Heartbeat\n<!-- later -->\n");

        // When
        world.advance(LONGEST);

        // Then
        assertThat(asked).isEmpty();
        assertThat(status().skipped()).contains(Check.FILE);
        assertThat(run("main")).isEqualTo(Outcome.skipped(Check.FILE));

        // When: there is something, it is seen within a minute
        Files.writeString(file, "- water the plants");
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(asked).hasSize(1);
    }

    @Test
    void whileSomethingIsOnItsWayToThePeerItWaits() throws Exception {
        // Given
        isOpen = false;
        deliveries.send(
                Outbound.text("telegram", "default", Peer.direct("anna"), null, "hello", Optional.empty()),
                Optional.empty());

        // When
        world.advance(LONGEST);

        // Then
        assertThat(asked).isEmpty();
        assertThat(status().skipped()).contains(Check.CHANNEL_BUSY);
        assertThat(run("main")).isEqualTo(Outcome.skipped(Check.CHANNEL_BUSY));

        // When
        isOpen = true;
        world.advance(Duration.ofMinutes(2));

        // Then
        assertThat(asked).hasSize(1);
    }

    @Test
    void whileTheAgentWorksForSomebodyItWaits() throws Exception {
        // Given
        var release = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            if (turn.text().equals("hello")) {
                release.await();
            }
            return Reply.text("HEARTBEAT_OK");
        };
        CompletableFuture<TurnResult> user = user();

        // Then
        assertThat(run("main")).isEqualTo(Outcome.skipped(Check.AGENT_BUSY));

        // When
        release.countDown();
        user.get(20, TimeUnit.SECONDS);

        // Then
        assertThat(run("main").result()).isEqualTo(Result.SILENT);
    }

    @Test
    void itGivesWayToAUserAtOnceAndComesAgain() throws Exception {
        // Given: one runs that goes on however it is asked to stop, in an agent that has one place
        var began = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var slow = new AtomicBoolean(true);
        behaviour = (turn, sink) -> {
            if (turn.text().equals("hello")) {
                return Reply.text("hello yourself");
            }
            began.countDown();
            while (slow.get() && !deaf(release)) {
                began.countDown();
            }
            return Reply.text("Too late");
        };
        var beat = new CompletableFuture<Outcome>();
        Thread.startVirtualThread(() -> {
            try {
                beat.complete(run("main"));
            } catch (Exception failure) {
                beat.completeExceptionally(failure);
            }
        });
        began.await();

        // When
        TurnResult answer = user().get(20, TimeUnit.SECONDS);

        // Then
        assertThat(answer).isInstanceOf(TurnResult.Answered.class);
        assertThat(beat.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.skipped(Check.AGENT_BUSY));
        assertThat(sent).isEmpty();
        assertThat(status().lastRun()).isEmpty();
        assertThat(status().lastResult()).contains(Result.SKIPPED);
        slow.set(false);
        release.countDown();

        // When
        behaviour = (turn, sink) -> Reply.text("HEARTBEAT_OK");
        world.advance(LONGEST);

        // Then
        assertThat(status().lastResult()).contains(Result.SILENT);
    }

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

    @Test
    void whenTheHubStopsTheOneThatRunsIsEndedAndForgotten() throws Exception {
        // Given
        var began = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            began.countDown();
            new CountDownLatch(1).await();
            return Reply.text("never");
        };
        var beat = new CompletableFuture<Outcome>();
        Thread.startVirtualThread(() -> {
            try {
                beat.complete(run("main"));
            } catch (Exception failure) {
                beat.completeExceptionally(failure);
            }
        });
        began.await();
        HeartbeatStatus before = status();

        // When
        heartbeats.close();
        beat.get(20, TimeUnit.SECONDS);
        again(usual());

        // Then
        assertThat(status().lastRun()).isEqualTo(before.lastRun());
        assertThat(status().lastResult()).isEqualTo(before.lastResult());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Heartbeats.Means means() {
        return new Heartbeats.Means(store, inbox.ownTurns(), targets, deliveries, agents);
    }

    private static boolean deaf(CountDownLatch release) {
        try {
            release.await();
            return true;
        } catch (InterruptedException unheeded) {
            return false;
        }
    }

    private CompletableFuture<TurnResult> user() throws Exception {
        var answer = new CompletableFuture<TurnResult>();
        int before = asked.size();
        Thread.startVirtualThread(() -> {
            try {
                answer.complete(agents.run("main", userTurn(), piece -> {}));
            } catch (Exception failure) {
                answer.completeExceptionally(failure);
            }
        });
        await(() -> asked.size() > before || answer.isDone());
        return answer;
    }

    private static Turn userTurn() {
        return new Turn(
                "m1", "agent:main:main", "main", "api", "default", null, null, "hello", List.of(), limit -> List.of());
    }

    private HeartbeatSpec usual() {
        return spec("main", HALF_HOUR, Optional.empty(), ANNA);
    }

    private HeartbeatSpec spec(String agent, Duration every, Optional<ActiveHours> hours, Target target) {
        return new HeartbeatSpec(agent, true, every, file, hours, target, RULE);
    }

    private void begin(HeartbeatSpec... specs) throws Exception {
        heartbeats = new Heartbeats(List.of(specs), means(), world.world());
        heartbeats.start(Instant.EPOCH);
    }

    private void again(HeartbeatSpec... specs) throws Exception {
        heartbeats.close();
        restart();
        begin(specs);
    }

    private Outcome run(String agent) throws InterruptedException {
        return heartbeats.run(agent).orElseThrow();
    }

    private HeartbeatStatus status() throws InterruptedException {
        return status("main");
    }

    private HeartbeatStatus status(String agent) throws InterruptedException {
        return heartbeats.status().stream()
                .filter(each -> each.agentId().equals(agent))
                .findFirst()
                .orElseThrow();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + ":00Z");
    }
}
