package dev.patchbay.hub.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.heartbeat.PulseFixture;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.schedule.ScheduleStatus.Result;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.StoredLine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns at given times: each time once, whatever happens in between. The clock stands at 10:00. */
class SchedulesTest extends PulseFixture {
    private Schedules schedules;

    @BeforeEach
    void answer() throws Exception {
        behaviour = (turn, sink) -> Reply.text("re: " + turn.text());
        begin();
    }

    @Test
    void itsTurnComesAtItsTimeAndTheAnswerGoesWhereItIsToGo() throws Exception {
        // Given
        begin(config("noon", Timing.cron("0 12 * * *", ZoneOffset.UTC)));
        assertThat(status("noon").nextRun()).contains(at("2026-03-01T12:00:00Z"));

        // When
        world.advance(Duration.ofHours(2));

        // Then
        assertThat(sent).containsExactly("anna: re: noon?");
        assertThat(history("agent:main:schedule:noon"))
                .extracting(StoredLine::content)
                .containsExactly("noon?", "re: noon?");
        assertThat(status("noon").lastRun()).contains(at("2026-03-01T12:00:00Z"));
        assertThat(status("noon").lastResult()).contains(Result.SENT);
        assertThat(status("noon").nextRun()).contains(at("2026-03-02T12:00:00Z"));
    }

    @Test
    void whatWasMissedWhileDownIsMadeUpOnce() throws Exception {
        // Given: each minute, and ten minutes down
        begin(config("often", Timing.cron("* * * * *", ZoneOffset.UTC)));
        schedules.close();
        world.advance(Duration.ofMinutes(10).plusSeconds(30));
        assertThat(asked).isEmpty();

        // When
        again(config("often", Timing.cron("* * * * *", ZoneOffset.UTC)));
        world.advance(Duration.ofSeconds(10));

        // Then
        assertThat(asked).hasSize(1);
        world.advance(Duration.ofMinutes(2));
        assertThat(asked).hasSize(3);
    }

    @Test
    void aReminderComesOnceAlsoWhenItWasMissed() throws Exception {
        // Given
        schedules.create(api("oven", Timing.at("2026-03-01T11:00:00Z")));
        schedules.close();
        world.advance(Duration.ofHours(5));

        // When
        again();
        world.advance(Duration.ofSeconds(10));

        // Then
        assertThat(sent).containsExactly("anna: re: oven?");
        assertThat(status("oven").nextRun()).isEmpty();

        // When: it is shown as done, and stays so
        again();
        world.advance(Duration.ofDays(1));

        // Then
        assertThat(sent).hasSize(1);
        assertThat(status("oven").lastResult()).contains(Result.SENT);
    }

    @Test
    void aReminderOfTheFileComesOnceHoweverOftenTheHubStarts() throws Exception {
        // Given
        begin(config("oven", Timing.at("2026-03-01T09:00:00Z")));
        world.advance(Duration.ofSeconds(10));

        // When
        again(config("oven", Timing.at("2026-03-01T09:00:00Z")));
        world.advance(Duration.ofDays(1));

        // Then
        assertThat(sent).hasSize(1);
    }

    @Test
    void aTurnThatWasCutIsRunAgainAndEndsOnce() throws Exception {
        // Given: the hub is stopped in the middle of it
        var began = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            began.countDown();
            new CountDownLatch(1).await();
            return Reply.text("never");
        };
        schedules.create(api("oven", Timing.at("2026-03-01T11:00:00Z")));
        Thread stopper = Thread.startVirtualThread(() -> {
            try {
                began.await();
                schedules.close();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        world.advance(Duration.ofHours(1));
        stopper.join();

        // When
        behaviour = (turn, sink) -> Reply.text("re: " + turn.text());
        again();
        world.advance(Duration.ofSeconds(10));

        // Then
        assertThat(sent).containsExactly("anna: re: oven?");
    }

    @Test
    void timesThatComeWhileOneRunsAreMadeUpOnce() throws Exception {
        // Given: threads that the test does not wait for, and an agent that takes five minutes the first time
        var slow = new CountDownLatch(1);
        behaviour = (turn, sink) -> {
            slow.await();
            return Reply.text("re");
        };
        schedules = new Schedules(
                List.of(config("often", new Timing.Every(Duration.ofMinutes(1), now()))),
                means(),
                new World(world.clock(), world, Thread::startVirtualThread, new Random(1)));
        schedules.start();
        world.advance(Duration.ofMinutes(1));
        await(() -> asked.size() == 1);

        // When
        world.advance(Duration.ofMinutes(5).plusSeconds(30));
        slow.countDown();
        await(() -> status("often").nextRun().equals(Optional.of(at("2026-03-01T10:07:00Z"))));

        // Then
        assertThat(asked).hasSize(2);
    }

    @Test
    void aPeriodKeepsItsPaceOverARestart() throws Exception {
        // Given
        schedules.create(api("tea", new Timing.Every(Duration.ofHours(6), now())));
        world.advance(Duration.ofHours(1));

        // When
        again();

        // Then
        assertThat(status("tea").nextRun()).contains(at("2026-03-01T16:00:00Z"));
    }

    @Test
    void aPeriodOfTheFileKeepsItsPaceOverARestart() throws Exception {
        // Given
        begin(config("tea", new Timing.Every(Duration.ofHours(6), now())));
        world.advance(Duration.ofHours(1));

        // When: the file is read again, an hour later
        again(config("tea", new Timing.Every(Duration.ofHours(6), now())));
        world.advance(Duration.ofHours(5));

        // Then
        assertThat(status("tea").lastRun()).contains(at("2026-03-01T16:00:00Z"));
        assertThat(status("tea").nextRun()).contains(at("2026-03-01T22:00:00Z"));
    }

    @Test
    void anotherTimeInTheFileBeginsAnew() throws Exception {
        // Given
        begin(config("tea", new Timing.Every(Duration.ofHours(6), now())));
        world.advance(Duration.ofHours(1));

        // When
        again(config("tea", Timing.cron("0 12 * * *", ZoneOffset.UTC)));

        // Then
        assertThat(status("tea").nextRun()).contains(at("2026-03-01T12:00:00Z"));
    }

    @Test
    void aFailureIsShownAndTheNextTimeComes() throws Exception {
        // Given
        behaviour = (turn, sink) -> {
            throw new AgentFailed("no key");
        };
        begin(config("often", new Timing.Every(Duration.ofMinutes(1), now())));

        // When
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(status("often").lastResult()).contains(Result.FAILED);
        assertThat(status("often").error().orElseThrow()).contains("no key");
        assertThat(status("often").nextRun()).contains(now().plusSeconds(60));
    }

    @Test
    void withoutAnybodyToHearItNobodyIsAsked() throws Exception {
        // Given
        schedules.create(spec("tea", new Timing.Every(Duration.ofMinutes(1), now()), Target.LAST_PEER));

        // When
        world.advance(Duration.ofMinutes(1));

        // Then
        assertThat(asked).isEmpty();
        assertThat(status("tea").error().orElseThrow()).startsWith("no target");
        assertThat(status("tea").nextRun()).contains(now().plusSeconds(60));
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        // Given
        begin(config("noon", Timing.cron("0 12 * * *", ZoneOffset.UTC)));
        schedules.create(api("tea", new Timing.Every(Duration.ofHours(1), now())));

        // Then
        for (String name : List.of("noon", "tea")) {
            assertThatThrownBy(() -> schedules.create(api(name, new Timing.Every(Duration.ofHours(1), now()))))
                    .isInstanceOfSatisfying(ScheduleRefused.class, refused -> assertThat(refused.parameter())
                            .isEqualTo("name"));
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        refused(
                "agent_id",
                new ScheduleSpec(
                        "a", Timing.at("2026-03-02T00:00:00Z"), "nobody", "x", ANNA, ScheduleSpec.Source.API, now()));
        refused("at", api("a", Timing.at("2026-03-01T10:00:00Z")));
        refused("name", api("A b", Timing.at("2026-03-02T00:00:00Z")));
        refused(
                "text",
                new ScheduleSpec(
                        "a", Timing.at("2026-03-02T00:00:00Z"), "main", " ", ANNA, ScheduleSpec.Source.API, now()));
        refused(
                "text",
                new ScheduleSpec(
                        "a",
                        Timing.at("2026-03-02T00:00:00Z"),
                        "main",
                        "\u0001".repeat(3_999) + "x",
                        ANNA,
                        ScheduleSpec.Source.API,
                        now()));
        refused("deliver", spec("a", Timing.at("2026-03-02T00:00:00Z"), Target.parse("pigeon:default:direct:anna")));
    }

    @Test
    void oneOfTheApiCanBeTakenAwayAndDoesNotComeBack() throws Exception {
        // Given
        schedules.create(api("tea", new Timing.Every(Duration.ofHours(1), now())));

        // When
        assertThat(schedules.delete("tea")).isTrue();
        assertThat(schedules.delete("tea")).isFalse();
        again();
        world.advance(Duration.ofHours(2));

        // Then
        assertThat(schedules.list()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void oneOfTheFileCannot() throws Exception {
        // Given
        begin(config("noon", Timing.cron("0 12 * * *", ZoneOffset.UTC)));

        // Then
        assertThatThrownBy(() -> schedules.delete("noon"))
                .isInstanceOf(ScheduleRefused.class)
                .hasMessageContaining("configuration file");
    }

    @Test
    void thereAreOnlySoManyAndWhatIsDoneMakesRoom() throws Exception {
        // Given
        for (int i = 0; i < Schedules.MAX; i++) {
            schedules.create(spec("r" + i, Timing.at("2026-03-01T11:00:00Z"), Target.NOBODY));
        }

        // Then
        assertThatThrownBy(() -> schedules.create(api("more", Timing.at("2026-03-02T00:00:00Z"))))
                .isInstanceOf(ScheduleRefused.class)
                .hasMessageContaining("1000");

        // When
        world.advance(Duration.ofHours(1));

        // Then
        assertThat(asked).hasSize(Schedules.MAX);
        schedules.create(api("more", Timing.at("2026-03-02T00:00:00Z")));
        assertThat(schedules.list()).hasSize(Schedules.MAX);
    }

    private void refused(String parameter, ScheduleSpec spec) {
        assertThatThrownBy(() -> schedules.create(spec))
                .isInstanceOfSatisfying(ScheduleRefused.class, refused -> assertThat(refused.parameter())
                        .isEqualTo(parameter));
    }

    private ScheduleSpec config(String name, Timing timing) {
        return new ScheduleSpec(name, timing, "main", name + "?", ANNA, ScheduleSpec.Source.CONFIG, now());
    }

    private ScheduleSpec api(String name, Timing timing) {
        return spec(name, timing, ANNA);
    }

    private ScheduleSpec spec(String name, Timing timing, Target target) {
        return new ScheduleSpec(name, timing, "main", name + "?", target, ScheduleSpec.Source.API, now());
    }

    private ScheduleStatus status(String name) {
        return schedules.list().stream()
                .filter(each -> each.spec().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void begin(ScheduleSpec... specs) throws Exception {
        schedules = new Schedules(List.of(specs), means(), world.world());
        schedules.start();
        world.settle();
    }

    private Schedules.Means means() {
        return new Schedules.Means(store, inbox.ownTurns(), targets, agents);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private void again(ScheduleSpec... specs) throws Exception {
        schedules.close();
        restart();
        begin(specs);
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }
}
