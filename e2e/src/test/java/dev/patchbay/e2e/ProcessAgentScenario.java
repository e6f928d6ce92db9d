package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Programs as agents, with the hub that they belong to. */
class ProcessAgentScenario {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void aProgramThatIsNotThereIsToldAndStopsNobodyElse() throws Exception {
        // Given
        String yaml = yaml("[no-such-program]");
        try (HubProcess hub = HubProcess.start(folder, yaml)) {
            Rpc rpc = hub.rpc();

            // When
            HubProcess.Finished check = HubProcess.run(folder, "", "check", "--config", "hub.yaml");
            JsonNode agent = agent(rpc);
            JsonNode health = rpc.call("health");

            // Then
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.err() + check.out())
                    .contains("hub.yaml:6: agents.program.command: there is no program no-such-program on the PATH");
            assertThat(agent.path("state").asText()).isEqualTo("failed");
            assertThat(agent.path("reason").asText()).contains("no-such-program");
            assertThat(health.path("status").asText()).isEqualTo("degraded");
            assertThat(health.path("parts").path("agents").path("status").asText())
                    .isEqualTo("degraded");
            assertThat(rpc.call("chat.send", "text", "hello").path("text").asText())
                    .isEqualTo("hello");
        }
    }

    @Test
    void aDrainLetsAProgramFinishItsTurnAndLeavesNoneBehind() throws Exception {
        // Given
        long worker;
        try (HubProcess hub = HubProcess.start(folder, yaml(TroubleProgram.command()))) {
            Rpc rpc = hub.rpc();
            rpc.post("/webhooks/default", "{\"text\":\"work\",\"peer\":\"anna\"}");
            Bounded.until(SOON, () -> worker(rpc).path("busy").asBoolean());
            worker = worker(rpc).path("pid").asLong();

            // When
            Thread.ofVirtual().start(() -> {
                try {
                    Bounded.pass(Duration.ofSeconds(1));
                    Files.createFile(folder.resolve("enough"));
                } catch (Exception unwritable) {
                    throw new IllegalStateException(unwritable);
                }
            });
            int exit = hub.terminate();

            // Then
            assertThat(exit).isZero();
            assertThat(isAlive(worker)).isFalse();
        }
        try (HubProcess next = HubProcess.start(folder, yaml(TroubleProgram.command()))) {
            JsonNode history = next.rpc().call("chat.history", "session_key", "agent:program:webhook:direct:anna");
            assertThat(history.path("messages")).hasSize(2);
            assertThat(history.path("messages").path(1).path("content").asText())
                    .isEqualTo("work");
        }
    }

    @Test
    @EnabledIf("endsProgramsWithTheirParent")
    void aKilledHubLeavesNoProgramsEvenThoseThatSpin() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, yaml(TroubleProgram.command()))) {
            Rpc rpc = hub.rpc();
            rpc.post("/webhooks/default", "{\"text\":\"spin\",\"peer\":\"anna\"}");
            Bounded.until(SOON, () -> worker(rpc).path("busy").asBoolean());
            long worker = worker(rpc).path("pid").asLong();

            // When
            ProcessHandle.of(worker)
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow()
                    .destroyForcibly();

            // Then
            Bounded.until(SOON, () -> !isAlive(worker));
            hub.awaitExit();
        }
        try (HubProcess next = HubProcess.start(folder, yaml(TroubleProgram.command()))) {
            assertThat(next.rpc()
                            .call("chat.send", "text", "hello")
                            .path("text")
                            .asText())
                    .isEqualTo("hello");
        }
    }

    static boolean endsProgramsWithTheirParent() {
        return Files.isDirectory(Path.of("/proc/self")) && Files.isExecutable(Path.of("/usr/bin/setpriv"));
    }

    private static JsonNode agent(Rpc rpc) throws Exception {
        for (JsonNode each : rpc.call("agents.list").path("agents")) {
            if (each.path("agent_id").asText().equals("program")) {
                return each;
            }
        }
        throw new AssertionError("there is no such agent");
    }

    private static JsonNode worker(Rpc rpc) throws Exception {
        return agent(rpc).path("workers").path(0);
    }

    private static boolean isAlive(long pid) throws Exception {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream().noneMatch(line -> line.matches("State:\\s+[ZX].*"))
                : ProcessHandle.of(pid).isPresent();
    }

    private static String yaml(String command) {
        return """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main: { type: echo }
              program: { type: process, command: %s, timeout: 20s }
            bindings: [ { agent: program, match: { channel: webhook } } ]
            channels:
              webhook: { accounts: { default: { verify: none } } }
            """.formatted(command);
    }
}
