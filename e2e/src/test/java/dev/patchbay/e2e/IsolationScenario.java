package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Foreign trouble costs the others nothing: their p99 stays within twice its undisturbed value in the same run. */
@Isolated
class IsolationScenario {
    /** Below this nobody notices, and on a busy machine everything differs by so much. */
    private static final double FLOOR_MILLIS = 50;

    @TempDir
    Path folder;

    /** Takes minutes and wants a machine that does nothing else: see docs/testing.md for the command. */
    @Test
    @EnabledIfSystemProperty(named = "patchbay.isolation", matches = "true")
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
            Rpc rpc = hub.rpc();
            var failed = new AtomicInteger();
            // First its kind of trouble, and then something harmless, so that it is restarted without a pause.
            var troubles = new Busy(
                    List.of("eat", "spin", "die", "mute").stream()
                            .<Busy.Work>map(agent -> () -> {
                                failed.addAndGet(refusals(rpc, "chat.send", "agent_id", agent, "text", agent));
                                failed.addAndGet(refusals(rpc, "chat.send", "agent_id", agent, "text", "hello"));
                            })
                            .toList(),
                    // Until those that were ended are gone, too, and the last fresh ones have started.
                    Duration.ofSeconds(2));

            // When
            var comparison = new SteadyTraffic(rpc, "/webhooks/calm").compare("process agents", troubles);

            // Then
            System.out.println("isolation: " + failed.get() + " turns of process agents failed");
            assertThat(failed.get()).isGreaterThan(10);
            judge(comparison.calm(), comparison.disturbed());
            assertThat(hub.terminate()).isZero();
        }
    }

    @Test
    void aPluginThatThrowsFromEveryCallbackIsNotNoticedByOthers() throws Exception {
        // Given
        AngryPlugin.into(folder.resolve("plugins-installed"));
        try (HubProcess hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels:
              webhook: { accounts: { calm: { verify: none, reply: sync } } }
              angry: { accounts: { one: {}, two: {} }, delivery: { backoff: [10ms], attempts: 2 } }
            """)) {
            Rpc rpc = hub.rpc();
            var sent = new AtomicInteger();
            Busy.Work sends = () -> {
                int number = sent.incrementAndGet();
                refusals(
                        rpc,
                        "messages.send",
                        "channel",
                        "angry",
                        "account_id",
                        number % 2 == 0 ? "one" : "two",
                        "to",
                        "peer-" + number % 50,
                        "text",
                        "hello");
                Bounded.pass(Duration.ofMillis(10));
            };
            Busy.Work restarts = () -> {
                refusals(rpc, "channels.restart", "channel", "angry");
                Bounded.pass(Duration.ofMillis(200));
            };

            // When
            var comparison = new SteadyTraffic(rpc, "/webhooks/calm")
                    .compare("an angry plugin", new Busy(List.of(sends, sends, restarts), Duration.ofMillis(500)));

            // Then
            int dead = rpc.all("deliveries.list", "deliveries", "state", "dead", "channel", "angry")
                    .size();
            System.out.println("isolation: " + sent.get() + " messages to the angry plugin, " + dead + " dead letters");
            assertThat(dead).isGreaterThan(50);
            // Runs on machines that others use, too, unlike the rest.
            judge(comparison.calm(), comparison.atBest());
            assertThat(hub.terminate()).isZero();
        }
    }

    /** Takes minutes and wants a machine that does nothing else: see docs/testing.md for the command. */
    @Test
    @EnabledIfSystemProperty(named = "patchbay.isolation", matches = "true")
    void aClientThatFloodsIsNotNoticedByOthers() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents: { main: { type: echo } }
            channels: { webhook: { accounts: { calm: { verify: none, reply: sync } } } }
            """)) {
            var flood = new Flood(hub);

            // When
            var comparison = new SteadyTraffic(hub.rpc(), "/webhooks/calm").compare("a flooding client", flood);

            // Then
            System.out.println("isolation: " + flood.written() + " calls from the flooding client");
            assertThat(flood.written()).isGreaterThan(1_000);
            judge(comparison.calm(), comparison.disturbed());
            assertThat(hub.terminate()).isZero();
        }
    }

    private static void judge(double calm, double disturbed) {
        assertThat(disturbed).isLessThanOrEqualTo(Math.max(2 * calm, FLOOR_MILLIS));
    }

    /** 1 if the hub answers with an error, else 0. */
    private static int refusals(Rpc hub, String method, Object... params) throws Exception {
        try {
            hub.call(method, params);
            return 0;
        } catch (Rpc.RpcError refused) {
            return 1;
        }
    }
}
