package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Peer;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.delivery.Outbound;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What goes before a heartbeat. */
class HeartbeatsStepBackTest extends HeartbeatFixture {
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

    private static boolean deaf(CountDownLatch release) {
        try {
            release.await();
            return true;
        } catch (InterruptedException unheeded) {
            return false;
        }
    }
}
