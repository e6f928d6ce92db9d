package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own client, as npm has it, talks to agents. Needs node and npm, and a registry or npm's own cache. */
class OpenAiScenario {
    private static final String CLIENT = "openai@7.57.0";
    private static final Duration TALKS = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void theOfficialClientWorksStreamsAndFailuresIncluded() throws Exception {
        // Given
        NpmPackage client = NpmPackage.install(folder, CLIENT);
        Path script = script();
        try (var broken = new AgentServer();
                HubProcess hub = HubProcess.start(folder, """
                    hub: { data-dir: ./data }
                    server: { port: 0 }
                    plugins: { dir: ./plugins-installed }
                    agents:
                      main: { type: echo }
                      broken: { type: http, url: "%s" }
                    """.formatted(broken.url()))) {
            broken.behave((turn, out) -> {
                AgentServer.begin(out, "application/x-ndjson");
                AgentServer.chunk(out, "{\"delta\":\"half an \"}\n");
            });

            // When
            JsonNode said = Json.read(client.node(TALKS, script.toString(), hub.url() + "/v1", hub.token(), "broken"));

            // Then
            assertThat(said.path("models").toString()).isEqualTo("[\"main\",\"broken\"]");
            assertThat(said.path("model").asText()).isEqualTo("main");
            assertThat(said.path("whole").asText()).isEqualTo("one two three");
            assertThat(said.path("finish").asText()).isEqualTo("stop");
            assertThat(said.path("total").isNumber()).isTrue();
            assertThat(said.path("kept").asText()).isEqualTo("one two three");
            assertThat(joined(said.path("pieces"))).isEqualTo("one two three");
            assertThat(said.path("pieces")).hasSizeGreaterThan(3);
            assertThat(said.path("streamedUsage").asBoolean()).isTrue();
            assertThat(said.path("collected").asText()).isEqualTo("one two three");
            assertThat(said.path("noModel").toString())
                    .isEqualTo("{\"kind\":\"NotFoundError\",\"status\":404,\"code\":\"model_not_found\"}");
            assertThat(said.path("noKey").toString())
                    .isEqualTo("{\"kind\":\"AuthenticationError\",\"status\":401,\"code\":\"invalid_api_key\"}");
            assertThat(said.path("broken").toString())
                    .isEqualTo("{\"kind\":\"InternalServerError\",\"status\":502,\"code\":\"agent_failed\"}");
            assertThat(said.path("half").asText()).isEqualTo("half an ");
            assertThat(said.path("brokenOff").path("code").asText()).isEqualTo("agent_failed");
            assertThat(said.path("noAnswers").path("status").asInt()).isEqualTo(400);
            assertThat(broken.timesAsked()).as("the client repeats no turn").isEqualTo(2);
            assertThat(hub.rpc().all("sessions.list", "sessions"))
                    .singleElement()
                    .satisfies(session -> {
                        assertThat(session.path("session_key").asText()).isEqualTo("agent:main:openai:direct:anna");
                        assertThat(session.path("message_count").asInt()).isEqualTo(4);
                    });
        }
    }

    /** The script lies beside the installed client, where node looks for it. */
    private Path script() throws Exception {
        Path script = folder.resolve("client.mjs");
        try (InputStream source = getClass().getResourceAsStream("/openai/client.mjs")) {
            Files.copy(Objects.requireNonNull(source), script);
        }
        return script;
    }

    private static String joined(JsonNode pieces) {
        var text = new StringBuilder();
        pieces.forEach(each -> text.append(each.asText()));
        return text.toString();
    }
}
