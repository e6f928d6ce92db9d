package dev.patchbay.e2e;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub that begins turns by itself, with an agent and a callback that the test plays; started as often as a test wants. */
abstract class PulseFixture {
    static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    AgentServer agent;
    CallbackServer callback;

    @SuppressWarnings("NullAway.Init") // Each test starts its own.
    HubProcess hub;

    @SuppressWarnings("NullAway.Init")
    Rpc rpc;

    @BeforeEach
    void playBothSides() throws Exception {
        agent = new AgentServer();
        callback = new CallbackServer();
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        agent.close();
        callback.close();
    }

    /** Starts the hub, after a kill as well. */
    void start(String agentSettings, String schedules) throws Exception {
        hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main: { type: http, url: "%s", %s }
              plain: { type: echo }
            schedules: %s
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, callback: { url: "%s" } }
            """.formatted(agent.url(), agentSettings, schedules, callback.url()));
        rpc = hub.rpc();
    }
}
