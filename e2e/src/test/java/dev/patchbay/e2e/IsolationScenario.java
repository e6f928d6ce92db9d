package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Foreign trouble costs the others nothing: their p99 stays within twice its undisturbed value in the same run. */
class IsolationScenario {
    /** Below this nobody notices, and on a busy machine everything differs by so much. */
    private static final double FLOOR_MILLIS = 50;

    @TempDir
    Path folder;

    @Test
    void programsThatEatSpinDieAndFallSilentAreNotNoticedByOthers() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main: { type: echo }
              eat: %1$s
              spin: %1$s
              die: %1$s
              mute: %1$s
            channels:
              webhook: { accounts: { calm: { verify: none, reply: sync } } }
            """.formatted("""
                { type: process, command: %s, max-memory: 200MB, silence-limit: 2s, timeout: 10s, retries: 0,
                      max-restarts-per-hour: 10000, breaker: { failures: 1000 } }\
                """.formatted(TroubleProgram.command())))) {
            var troubles = new Programs(hub.rpc(), List.of("eat", "spin", "die", "mute"));

            // When
            var comparison = new SteadyTraffic(hub.rpc(), "/webhooks/calm").compare("process agents", troubles);

            // Then
            System.out.println("isolation: " + troubles.failed.get() + " turns of process agents failed");
            assertThat(troubles.failed.get()).isGreaterThan(10);
            assertThat(comparison.disturbed()).isLessThanOrEqualTo(Math.max(2 * comparison.calm(), FLOOR_MILLIS));
            assertThat(hub.terminate()).isZero();
        }
    }

    /** Asks each program for its kind of trouble, and then for something harmless, so that it is restarted without a pause. */
    private static final class Programs implements SteadyTraffic.Disturbance {
        private final AtomicInteger failed = new AtomicInteger();
        private final Rpc hub;
        private final List<String> kinds;
        private final List<Thread> asking = new ArrayList<>();
        private AtomicBoolean isOver = new AtomicBoolean();

        Programs(Rpc hub, List<String> kinds) {
            this.hub = hub;
            this.kinds = kinds;
        }

        @Override
        public void begin() {
            var over = new AtomicBoolean();
            isOver = over;
            for (String kind : kinds) {
                asking.add(Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        ask(kind, kind);
                        ask(kind, "hello");
                    }
                }));
            }
        }

        @Override
        public void end() throws Exception {
            isOver.set(true);
            for (Thread each : asking) {
                assertThat(each.join(Duration.ofSeconds(60))).isTrue();
            }
            asking.clear();
            // Until those that were ended are gone, too, and the last fresh ones have started.
            Bounded.pass(Duration.ofSeconds(2));
        }

        private void ask(String agent, String text) {
            try {
                hub.call("chat.send", "agent_id", agent, "text", text);
            } catch (Rpc.RpcError troubled) {
                failed.incrementAndGet();
            } catch (Exception gone) {
                isOver.set(true);
            }
        }
    }
}
