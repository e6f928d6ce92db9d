package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants on one hub, from outside: each finds a hub of its own. */
class TenantScenario {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String YAML = """
        hub: { data-dir: ./data }
        server:
          port: 0
          tokens:
            - { name: boss, token: boss-token-0123456789, scopes: [admin], tenant: "*" }
            - { name: acme, token: acme-token-0123456789, scopes: [admin], tenant: acme }
            - { name: usual, token: usual-token-0123456789, scopes: [admin] }
        plugins: { dir: ./plugins-installed }
        agents:
          main: { type: echo }
          ada: { type: echo, tenant: acme }
        channels:
          webhook:
            accounts:
              default: {}
              shop: { tenant: acme }
        """;

    @TempDir
    Path folder;

    private HubProcess hub;

    @BeforeEach
    void start() throws Exception {
        hub = HubProcess.start(folder, YAML);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void eachTenantSeesWhatComesToItsOwnAccountsAlsoAfterAKill() throws Exception {
        // Given
        hear("default", "for the usual ones");
        hear("shop", "for acme");
        Bounded.until(SOON, () -> sessions("boss").size() == 2);
        Bounded.until(SOON, () -> rpc("acme").call("events.sync").toString().contains("for acme"));

        for (int round = 0; round < 2; round++) {
            // When
            List<String> boss = sessions("boss");
            List<String> acme = sessions("acme");
            List<String> usual = sessions("usual");

            // Then
            assertThat(boss).hasSize(2);
            assertThat(acme).containsExactly("agent:ada:webhook:direct:shop");
            assertThat(usual).containsExactly("agent:main:webhook:direct:default");
            assertThat(rpc("acme").call("events.sync").toString())
                    .contains("for acme")
                    .doesNotContain("for the usual ones");
            assertThat(rpc("acme").call("channels.status").toString())
                    .contains("shop")
                    .doesNotContain("\"default\"");
            assertThatThrownBy(() -> rpc("acme").call("chat.history", "session_key", usual.getFirst()))
                    .satisfies(error -> assertThat(((Rpc.RpcError) error).code).isEqualTo(-32004));
            assertThatThrownBy(() -> rpc("usual").call("plugins.list"))
                    .satisfies(error -> assertThat(((Rpc.RpcError) error).code).isEqualTo(-32003));
            assertThat(get("/metrics", "acme").statusCode()).isEqualTo(403);
            assertThat(get("/metrics", "boss").statusCode()).isEqualTo(200);
            assertThat(Json.read(get("/v1/models", "acme").body()).path("data").findValuesAsText("id"))
                    .containsExactly("ada");
            if (round == 0) {
                hub.kill();
                hub = HubProcess.start(folder, YAML);
            }
        }
    }

    @Test
    void aTenantsOwnAgentAnswersWhatItSaysToNobodyInParticular() throws Exception {
        // When
        JsonNode answer = rpc("acme").call("chat.send", "text", "hello");

        // Then
        assertThat(answer.path("agent_id").asText()).isEqualTo("ada");
        assertThatThrownBy(() -> rpc("acme").call("chat.send", "text", "hello", "agent_id", "main"))
                .satisfies(error -> assertThat(((Rpc.RpcError) error).code).isEqualTo(-32004));
    }

    @Test
    void whoSpeaksInTheNameOfAForeignChannelLearnsNothingOfItsQueue() throws Exception {
        // Given
        Map<String, String> context = Map.of("channel", "webhook", "user_id", "7");

        // When
        JsonNode own = rpc("usual").call("chat.send", "text", "/status", "context", context);
        JsonNode foreign = rpc("acme").call("chat.send", "text", "/status", "context", context);

        // Then
        assertThat(own.path("text").asText()).contains("Agent: main", "Waiting to be sent: 0");
        assertThat(foreign.path("text").asText()).contains("Agent: ada").doesNotContain("Waiting");
    }

    @Test
    void whatLeadsFromOneTenantToAnotherIsAnErrorAtTheCheckAndInTheApi() throws Exception {
        // Given
        Path crossed = Files.writeString(
                folder.resolve("crossed.yaml"),
                YAML.replace(
                                "ada: { type: echo,",
                                "ada: { type: echo, fallback: main,"
                                        + " heartbeat: { target: \"webhook:default:direct:7\" },")
                        + """
                        schedules:
                          - { name: fair, every: 6h, agent: ada, text: hello, deliver: "webhook:shop:direct:7" }
                          - { name: foul, every: 6h, agent: main, text: hello, deliver: "webhook:shop:direct:7" }
                        bindings:
                          - { agent: main, match: { channel: webhook, account: shop } }
                          - { agent: ada, match: { channel: webhook } }
                        """);
        Path alone = Files.writeString(
                folder.resolve("alone.yaml"), YAML.replace("ada: { type: echo, tenant: acme }", "ada: { type: echo }"));

        // When
        HubProcess.Finished check = HubProcess.run(folder, "", "check", "--config", crossed.toString());
        HubProcess.Finished lonely = HubProcess.run(folder, "", "check", "--config", alone.toString());

        // Then
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.out() + check.err())
                .contains("agents.ada.fallback", "bindings[0].agent", "bindings[1].match.account", "tenant")
                .contains("agents.ada.heartbeat.target", "schedules.1.deliver")
                .doesNotContain("schedules.0");
        assertThat(lonely.exitCode()).isEqualTo(1);
        assertThat(lonely.out() + lonely.err()).contains("channels.webhook.accounts.shop.tenant", "no agent");
        assertThatThrownBy(() -> rpc("boss")
                        .call(
                                "bindings.set",
                                "bindings",
                                List.of(Map.of(
                                        "agent", "main", "match", Map.of("channel", "webhook", "account", "shop")))))
                .satisfies(error -> assertThat(((Rpc.RpcError) error).code).isEqualTo(-32602));
    }

    private void hear(String account, String text) throws Exception {
        HttpResponse<String> response = rpc("boss").post("/webhooks/" + account, Json.write(Map.of("text", text)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    }

    private HttpResponse<String> get(String path, String who) throws Exception {
        return rpc(who).get(path, "Authorization", "Bearer " + token(who));
    }

    private List<String> sessions(String who) throws Exception {
        return rpc(who).call("sessions.list").path("sessions").findValuesAsText("session_key");
    }

    private Rpc rpc(String who) {
        return new Rpc(hub.url(), token(who));
    }

    private static String token(String who) {
        return who + "-token-0123456789";
    }
}
