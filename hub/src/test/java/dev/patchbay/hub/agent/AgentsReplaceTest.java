package dev.patchbay.hub.agent;

import static dev.patchbay.hub.agent.Turns.spec;
import static dev.patchbay.hub.agent.Turns.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.AgentPlugin;
import dev.patchbay.api.Reply;
import dev.patchbay.api.ReplySink;
import dev.patchbay.api.Settings;
import dev.patchbay.api.Turn;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents whose plugin comes anew while they work. */
@Timeout(60)
class AgentsReplaceTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final AgentFixture fixture = new AgentFixture();

    private final Held old = new Held();
    private final Versioned fresh = new Versioned("new");
    private final LinkedBlockingQueue<TurnResult> ended = new LinkedBlockingQueue<>();

    @Test
    void aTurnUnderWayEndsOnTheOldAgentAndLaterOnesGoToTheNew() throws Exception {
        // Given
        Agents agents = fixture.open("main", old);
        Agents.Replacement replacement = agents.replace(plugin("main", fresh), Set.of());
        turnUnderWay(agents);

        // When
        Thread change = taking(replacement, LONG);
        TurnResult later = untilNew(agents);
        boolean wasClosedMeanwhile = old.closed.getCount() == 0;
        fixture.release.countDown();
        change.join();

        // Then
        assertThat(later).isEqualTo(answered("new"));
        assertThat(wasClosedMeanwhile).isFalse();
        assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(answered("old"));
        assertThat(old.closed.getCount()).isZero();
        assertThat(fresh.closed.getCount()).isOne();
    }

    @Test
    void aTurnThatTakesTooLongHoldsUpNothingAndStillAnswers() throws Exception {
        // Given
        Agents agents = fixture.open("main", old);
        Agents.Replacement replacement = agents.replace(plugin("main", fresh), Set.of());
        turnUnderWay(agents);

        // When
        replacement.take(Duration.ofMillis(50));
        boolean wasClosed = old.closed.getCount() == 0;
        fixture.release.countDown();

        // Then
        assertThat(wasClosed).isTrue();
        assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(answered("old"));
    }

    @Test
    void whatIsDiscardedIsClosedAndTheOldAgentAnswersOn() throws Exception {
        // Given
        Agents agents = fixture.open("main", new Versioned("old"));
        Agents.Replacement replacement = agents.replace(plugin("main", fresh), Set.of());

        // When
        replacement.discard();

        // Then
        assertThat(fresh.closed.getCount()).isZero();
        assertThat(agents.run("main", turn("Hi"), fixture.shown::add)).isEqualTo(answered("old"));
    }

    @Test
    void ifOneCannotBeOpenedThoseOpenedBeforeItAreClosedAndNothingChanges() throws Exception {
        // Given
        fixture.plugin.with("main", new Versioned("old")).with("second", new Versioned("old"));
        Agents agents = fixture.open(
                spec("main", "scripted").build(), spec("second", "scripted").build());

        // When / Then
        assertThatThrownBy(() -> agents.replace(plugin("main", fresh), Set.of()))
                .isInstanceOf(AgentFailed.class)
                .hasMessageContaining("agent second: ");
        assertThat(fresh.closed.getCount()).isZero();
        assertThat(agents.run("main", turn("Hi"), fixture.shown::add)).isEqualTo(answered("old"));
    }

    @Test
    void anAgentWhosePluginGoesFailsItsTurnsUntilItComesBack() throws Exception {
        // Given
        Agents agents = fixture.open("main", new Versioned("old"));

        // When
        agents.replace(Map.of(), Set.of("scripted")).take(LONG);
        TurnResult gone = agents.run("main", turn("Hi"), fixture.shown::add);
        agents.replace(plugin("main", fresh), Set.of()).take(LONG);
        TurnResult back = agents.run("main", turn("Hi"), fixture.shown::add);

        // Then
        assertThat(gone).isInstanceOf(TurnResult.Failed.class);
        assertThat(back).isEqualTo(answered("new"));
    }

    @Test
    void anAgentThatOpensTooLateIsClosed() throws Exception {
        // Given
        fixture.plugin.with("main", new Versioned("old"));
        Agents agents = fixture.open(
                spec("main", "scripted").openTimeout(Duration.ofSeconds(1)).build());
        AgentPlugin slow = new SlowPlugin(fixture.release, fresh);

        // When / Then
        assertThatThrownBy(() -> agents.replace(Map.of("scripted", slow), Set.of()))
                .isInstanceOf(AgentFailed.class)
                .hasMessage("agent main: not open within 1000 ms");
        fixture.release.countDown();
        assertThat(fresh.closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(agents.run("main", turn("Hi"), fixture.shown::add)).isEqualTo(answered("old"));
    }

    private static TurnResult.Answered answered(String text) {
        return new TurnResult.Answered("main", Reply.text(text), text);
    }

    private static Map<String, AgentPlugin> plugin(String id, Agent agent) {
        return Map.of("scripted", new ScriptedPlugin().with(id, agent));
    }

    private void turnUnderWay(Agents agents) throws InterruptedException {
        Thread.startVirtualThread(() -> {
            try {
                ended.add(agents.run("main", turn("Hi"), piece -> {}));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(old.begun.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static Thread taking(Agents.Replacement replacement, Duration patience) {
        return Thread.startVirtualThread(() -> {
            try {
                replacement.take(patience);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Asks until the new one answers; the old one answers at once, but for its first turn. */
    private TurnResult untilNew(Agents agents) throws InterruptedException {
        TurnResult result = agents.run("main", turn("Hi"), fixture.shown::add);
        for (long end = System.nanoTime() + LONG.toNanos();
                result.equals(answered("old")) && System.nanoTime() < end; ) {
            result = agents.run("main", turn("Hi"), fixture.shown::add);
        }
        return result;
    }

    /** Opens when it is let go, whoever interrupts it. */
    private record SlowPlugin(CountDownLatch letGo, Agent agent) implements AgentPlugin {
        @Override
        public String type() {
            return "scripted";
        }

        @Override
        public String settingsSchema() {
            return "{}";
        }

        @Override
        public Agent open(String agentId, Settings settings) {
            boolean interrupted = false;
            while (true) {
                try {
                    letGo.await();
                    break;
                } catch (InterruptedException notNow) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return agent;
        }
    }

    private static class Versioned implements Agent {
        final CountDownLatch closed = new CountDownLatch(1);
        private final String version;

        Versioned(String version) {
            this.version = version;
        }

        @Override
        public Reply reply(Turn turn, ReplySink sink) throws InterruptedException {
            return Reply.text(version);
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** Its first turn lasts until the test lets it go. */
    private final class Held extends Versioned {
        final CountDownLatch begun = new CountDownLatch(1);

        Held() {
            super("old");
        }

        @Override
        public Reply reply(Turn turn, ReplySink sink) throws InterruptedException {
            boolean isFirst = begun.getCount() == 1;
            begun.countDown();
            if (isFirst) {
                fixture.release.await();
            }
            return super.reply(turn, sink);
        }
    }
}
