package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that says what it has used, and a budget: each turn costs 0.30 USD, a day may cost 1. */
class BudgetScenario {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void aBudgetStopsAnAgentOverKillsAndSaysSoToEverybody() throws Exception {
        try (var agent = new AgentServer();
                var peer = new CallbackServer()) {
            // Given
            agent.behave((turn, out) -> AgentServer.json(
                    out, "{\"text\":\"dear\",\"usage\":{\"input_tokens\":100000,\"output_tokens\":50000}}"));
            String yaml = yaml(agent, peer);
            try (HubProcess hub = HubProcess.start(folder, yaml)) {
                Rpc rpc = hub.rpc();
                JsonNode first = rpc.call("chat.send", "text", "1");
                rpc.call("chat.send", "text", "2");
                rpc.call("chat.send", "text", "3");
                assertThat(first.path("tokens_used").asLong()).isEqualTo(150_000);
                hub.kill();
            }

            try (HubProcess hub = HubProcess.start(folder, yaml)) {
                // When
                Rpc rpc = hub.rpc();
                JsonNode before = main(rpc);
                JsonNode crossing = rpc.call("chat.send", "text", "4");
                Rpc.RpcError refused =
                        catchThrowableOfType(Rpc.RpcError.class, () -> rpc.call("chat.send", "text", "5"));
                for (int i = 0; i < 3; i++) {
                    rpc.post("/webhooks/default", "{\"text\":\"hello\",\"peer\":\"anna\"}");
                }
                Bounded.until(
                        SOON,
                        () -> rpc.all("chat.history", "messages", "session_key", "agent:main:webhook:direct:anna")
                                        .size()
                                == 3);

                // Then
                assertThat(before.path("tokens_today").asLong()).isEqualTo(450_000);
                assertThat(before.path("cost_today").decimalValue()).isEqualByComparingTo("0.9");
                assertThat(before.path("currency").asText()).isEqualTo("USD");
                assertThat(crossing.path("text").asText()).isEqualTo("dear");
                assertThat(refused.code).isEqualTo(-32012);
                assertThat(refused.data.path("budget").asText()).isEqualTo("daily");
                assertThat(Instant.parse(refused.data.path("resets_at").asText()))
                        .isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(1)));
                assertThat(agent.timesAsked()).isEqualTo(4);
                Bounded.until(SOON, () -> !peer.texts("anna").isEmpty());
                assertThat(peer.texts("anna")).containsExactly("No money left.");
                assertThat(events(rpc)).containsExactly("budget.warning 0.9 of 1", "budget.spent 1.2 of 1");
                assertThat(rpc.all("sessions.list", "sessions"))
                        .filteredOn(
                                session -> session.path("session_key").asText().equals("agent:main:main"))
                        .singleElement()
                        .satisfies(session -> {
                            assertThat(session.path("input_tokens").asLong()).isEqualTo(400_000);
                            assertThat(session.path("output_tokens").asLong()).isEqualTo(200_000);
                            assertThat(session.path("cost").decimalValue()).isEqualByComparingTo("1.2");
                            assertThat(session.path("currency").asText()).isEqualTo("USD");
                        });
                Bounded.until(
                        SOON, () -> rpc.call("health").path("status").asText().equals("degraded"));
                assertThat(rpc.get("/metrics", "Authorization", "Bearer " + rpc.token())
                                .body())
                        .contains("patchbay_agent_cost_total{agent=\"main\",currency=\"USD\"} 0.3")
                        .contains("patchbay_agent_tokens_total{agent=\"main\",direction=\"input\"} 100000");
                HubProcess.Finished list = HubProcess.run(
                        folder,
                        "",
                        "agents",
                        "--config",
                        "hub.yaml",
                        "--set",
                        "server.port=" + URI.create(hub.url()).getPort());
                assertThat(list.out()).contains("1.2 USD").contains("daily spent until");
                hub.kill();
            }

            try (HubProcess hub = HubProcess.start(folder, yaml)) {
                Rpc rpc = hub.rpc();
                Rpc.RpcError still = catchThrowableOfType(Rpc.RpcError.class, () -> rpc.call("chat.send", "text", "6"));
                assertThat(still.code).isEqualTo(-32012);
                assertThat(main(rpc).path("cost_month").decimalValue()).isEqualByComparingTo("1.2");
                assertThat(events(rpc)).hasSize(2);
            }
        }
    }

    @Test
    void manySessionsAtOnceCrossABudgetByOneTurn() throws Exception {
        try (var agent = new AgentServer();
                var peer = new CallbackServer()) {
            // Given
            agent.behave((turn, out) -> {
                Bounded.pass(Duration.ofMillis(50));
                AgentServer.json(
                        out, "{\"text\":\"dear\",\"usage\":{\"input_tokens\":100000,\"output_tokens\":50000}}");
            });
            try (HubProcess hub = HubProcess.start(folder, yaml(agent, peer))) {
                Rpc rpc = hub.rpc();
                List<Integer> codes = Collections.synchronizedList(new ArrayList<>());
                var callers = new ArrayList<Thread>();

                // When
                for (int i = 0; i < 20; i++) {
                    String session = "agent:main:cli:direct:p" + i;
                    callers.add(Thread.startVirtualThread(() -> codes.add(send(rpc, session))));
                }
                for (Thread each : callers) {
                    each.join();
                }

                // Then
                assertThat(codes).filteredOn(each -> each == 0).hasSize(4);
                assertThat(codes).filteredOn(each -> each == -32012).hasSize(16);
                assertThat(agent.timesAsked()).isEqualTo(4);
            }
        }
    }

    private static int send(Rpc rpc, String session) {
        try {
            rpc.call("chat.send", "text", "hello", "session_key", session);
            return 0;
        } catch (Rpc.RpcError refused) {
            return refused.code;
        } catch (Exception broken) {
            return 1;
        }
    }

    private static JsonNode main(Rpc rpc) throws Exception {
        return rpc.call("agents.list").path("agents").path(0);
    }

    private static List<String> events(Rpc rpc) throws Exception {
        var found = new ArrayList<String>();
        for (JsonNode each : rpc.call("events.sync").path("events")) {
            if (each.path("type").asText().startsWith("budget.")) {
                found.add(each.path("type").asText() + " " + each.path("spent").decimalValue() + " of "
                        + each.path("limit").decimalValue());
            }
        }
        return found;
    }

    private static String yaml(AgentServer agent, CallbackServer peer) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main:
                type: http
                url: "%s"
                price: { input: 2, output: 2.00, currency: USD }
                budget: { daily: 1.00, warn: 80%% }
                budget-text: "No money left."
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts: { default: { verify: none, callback: { url: "%s" } } }
            """.formatted(agent.url(), peer.url());
    }
}
