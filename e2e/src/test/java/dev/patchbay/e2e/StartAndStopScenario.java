package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a hub starts, refuses to start, and ends. */
class StartAndStopScenario {
    private static final String PLAIN = """
        hub: { data-dir: ./data }
        server: { port: 0 }
        plugins: { dir: ./plugins-installed }
        """;

    @TempDir
    Path folder;

    @TempDir
    Path other;

    @Test
    void aNewcomerTalksToTheEchoThroughTheTerminalAndAWebhook() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            // When
            HubProcess.Finished chat = HubProcess.run(
                    folder, "hello\nhow are you\n", "chat", "--plain", "--set", port(hub), "--config", "hub.yaml");
            int webhook =
                    hub.rpc().post("/webhooks/default", "{\"text\":\"hi\"}").statusCode();

            // Then
            assertThat(chat.out()).isEqualTo("hello\nhow are you\n");
            assertThat(chat.exitCode()).isZero();
            assertThat(webhook).isEqualTo(202);
            assertThat(Files.getPosixFilePermissions(folder.resolve("data/admin-token")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.readString(folder.resolve("data/admin-token")))
                    .endsWith("\n")
                    .hasLineCount(1);
        }
    }

    @Test
    void terminatedItDrainsEndsWithZeroAndGoesOnWhereItWas() throws Exception {
        // Given
        HubProcess first = HubProcess.start(folder, PLAIN);
        first.rpc().call("chat.send", "text", "remember me");

        // When
        int exit = first.terminate();
        try (HubProcess second = HubProcess.start(folder, PLAIN)) {
            // Then
            assertThat(exit).isZero();
            assertThat(second.rpc()
                            .call("chat.history", "session_key", "agent:main:main")
                            .path("messages")
                            .path(0)
                            .path("content")
                            .asText())
                    .isEqualTo("remember me");
        }
    }

    @Test
    void aTurnUnderWayIsFinishedBeforeTheHubEnds() throws Exception {
        // Given
        var arrived = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (AgentServer agent = new AgentServer();
                HubProcess hub = HubProcess.start(folder, PLAIN + """
                    agents: { main: { type: http, url: "%s" } }
                    """.formatted(agent.url()))) {
            agent.behave((turn, out) -> {
                arrived.countDown();
                boolean unused = go.await(30, TimeUnit.SECONDS);
                AgentServer.json(out, "{\"text\":\"done\"}");
            });
            hub.rpc().post("/webhooks/default", "{\"text\":\"work\",\"peer\":\"anna\"}");
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

            // When
            Thread.ofVirtual().start(() -> {
                try {
                    Bounded.pass(Duration.ofMillis(500));
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                go.countDown();
            });
            int exit = hub.terminate();

            // Then
            assertThat(exit).isZero();
            assertThat(agent.timesAsked()).isEqualTo(1);
        }
        try (HubProcess next = HubProcess.start(folder, PLAIN)) {
            assertThat(next.rpc()
                            .call("chat.history", "session_key", "agent:main:webhook:direct:anna")
                            .path("messages"))
                    .hasSize(2);
        }
    }

    @Test
    void aSecondHubOnTheSameDataIsRefusedAndTheFirstGoesOn() throws Exception {
        // Given
        try (HubProcess first = HubProcess.start(folder, PLAIN);
                HubProcess second = HubProcess.launch(folder, PLAIN)) {
            // When
            int exit = second.awaitExit();

            // Then
            assertThat(exit).isEqualTo(3);
            assertThat(second.log()).contains("data");
            assertThat(first.rpc().call("chat.send", "text", "x").path("text").asText())
                    .isEqualTo("x");
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HubProcess hub = HubProcess.launch(folder, PLAIN.replace("port: 0", "port: " + taken.getLocalPort()))) {
            // When
            int exit = hub.awaitExit();

            // Then
            assertThat(exit).isEqualTo(3);
            assertThat(hub.log()).contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void everythingWrongWithTheConfigurationIsSaidAtOnceWithItsPlace() throws Exception {
        // Given
        Files.writeString(folder.resolve("hub.yaml"), """
            server:
              prot: 8080
            delivery:
              ttl: 7
            default-agent: nobody
            """);

        // When
        HubProcess.Finished run = HubProcess.run(folder, "", "run", "--config", "hub.yaml");
        HubProcess.Finished check = HubProcess.run(folder, "", "check", "--config", "hub.yaml");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(check.exitCode()).isEqualTo(1);
        for (String said : new String[] {run.err(), check.out() + check.err()}) {
            assertThat(said)
                    .contains("hub.yaml:2: server.prot: ")
                    .contains("port")
                    .contains("hub.yaml:4: delivery.ttl: ")
                    .contains("hub.yaml:5: default-agent: ");
        }
    }

    @Test
    void commandsSayWhenThereIsNoHub() throws Exception {
        // When
        HubProcess.Finished status =
                HubProcess.run(folder, "", "status", "--set", "server.port=1", "--set", "hub.data-dir=" + other);

        // Then
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(status.err()).contains("127.0.0.1:1");
    }

    private static String port(HubProcess hub) {
        return "server.port=" + URI.create(hub.url()).getPort();
    }
}
