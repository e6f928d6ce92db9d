package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Reply;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.session.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When agents look around by themselves. */
class HeartbeatsTest extends HeartbeatFixture {
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
}
