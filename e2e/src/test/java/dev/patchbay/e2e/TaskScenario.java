package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work in the background survives the end of the hub in every state, ends as it should, and tells what came of it. */
class TaskScenario {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final Set<String> failedOnce = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean isPatient = true;
    private AgentServer agent;
    private CallbackServer callback;
    private HubProcess hub;
    private Rpc rpc;
    private String yaml = "";

    @BeforeEach
    void start() throws Exception {
        agent = new AgentServer();
        callback = new CallbackServer();
        agent.behave((turn, out) -> {
            String text = turn.path("text").asText();
            if (text.startsWith("hang") && isPatient) {
                boolean unused = release.await(60, TimeUnit.SECONDS);
            }
            if (text.startsWith("fail") || (text.startsWith("once") && failedOnce.add(text))) {
                AgentServer.whole(out, "500 Oops", "text/plain", "out of paper");
                return;
            }
            if (text.startsWith("steps")) {
                AgentServer.begin(out, "application/x-ndjson");
                AgentServer.chunk(out, "{\"progress\":40,\"note\":\"half of it\"}\n");
                boolean unused = release.await(60, TimeUnit.SECONDS);
                AgentServer.chunk(out, "{\"delta\":\"all of it\"}\n{\"done\":true}\n");
                AgentServer.end(out);
                return;
            }
            AgentServer.json(out, "{\"text\":\"done: " + text + "\"}");
        });
        yaml = """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main: { type: http, url: "%s", timeout: 60s, breaker: { failures: 1000 } }
            tasks: { retry: [300ms, 300ms], max-running: 3 }
            channels:
              webhook:
                allow-private: [127.0.0.0/8]
                accounts:
                  default: { verify: none, callback: { url: "%s" } }
            """.formatted(agent.url(), callback.url());
        again();
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        hub.close();
        agent.close();
        callback.close();
    }

    @Test
    void aTaskSurvivesAKillInEveryState() throws Exception {
        // Given
        String done = create("quick");
        await(done, "done");
        String failed = create("fail", "retries", 0);
        await(failed, "failed");
        String cancelled = create("hang 0", "deliver", "none");
        await(cancelled, "running");
        rpc.call("tasks.cancel", "task_id", cancelled);
        var running = List.of(create("hang 1"), create("hang 2"), create("hang 3"));
        for (String each : running) {
            await(each, "running");
        }
        String queued = create("later");
        assertThat(status(queued)).isEqualTo("queued");

        // When
        hub.kill();
        isPatient = false;
        again();

        // Then
        for (String each : running) {
            assertThat(await(each, "done").path("attempts").asInt()).isEqualTo(2);
        }
        assertThat(await(queued, "done").path("attempts").asInt()).isEqualTo(1);
        assertThat(status(done)).isEqualTo("done");
        assertThat(status(failed)).isEqualTo("failed");
        assertThat(status(cancelled)).isEqualTo("cancelled");
        Bounded.until(SOON, () -> callback.received().size() >= 5);
        Bounded.pass(Duration.ofSeconds(1));
        assertThat(callback.texts("anna"))
                .containsExactlyInAnyOrder(
                        "done: quick", "done: hang 1", "done: hang 2", "done: hang 3", "done: later");
    }

    @Test
    void aTaskThatWaitsForItsNextAttemptSurvivesAKill() throws Exception {
        // Given
        hub.terminate();
        yaml = yaml.replace("300ms, 300ms", "3s, 300ms");
        again();
        String id = create("once");
        await(id, "retrying");

        // When
        hub.kill();
        again();

        // Then
        assertThat(await(id, "done").path("attempts").asInt()).isEqualTo(2);
        Bounded.until(SOON, () -> callback.texts("anna").equals(List.of("done: once")));
    }

    @Test
    void manyTasksAndManyKillsLoseNothingAndRepeatNothingWithoutTheSameId() throws Exception {
        // Given
        var ids = new ArrayList<String>();
        isPatient = false;

        // When
        for (int life = 0; life < 4; life++) {
            for (int i = 0; i < 15; i++) {
                ids.add(create("task " + life + "-" + i, "idempotency_key", life + "-" + i));
            }
            hub.kill();
            again();
        }

        // Then
        for (String each : ids) {
            await(each, "done");
        }
        Bounded.until(
                SOON,
                () -> callback.received().stream()
                                .map(CallbackServer.Received::text)
                                .distinct()
                                .count()
                        == ids.size());
        assertThat(callback.received().stream().map(CallbackServer.Received::id).distinct())
                .hasSize(ids.size());
    }

    @Test
    void aFailedOneSaysWhyAfterExactlyItsAttemptsAndACancelledOneStops() throws Exception {
        // Given
        String failing = create("fail", "retries", 2);
        String hanging = create("hang");

        // When
        JsonNode failed = await(failing, "failed");
        await(hanging, "running");
        long began = System.nanoTime();
        rpc.call("tasks.cancel", "task_id", hanging);

        // Then
        assertThat(failed.path("attempts").asInt()).isEqualTo(3);
        assertThat(failed.path("error").asText()).contains("500");
        assertThat(status(hanging)).isEqualTo("cancelled");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        assertThat(agent.timesAsked()).isEqualTo(4);
        release.countDown();
        Bounded.pass(Duration.ofMillis(500));
        assertThat(callback.received()).isEmpty();
    }

    @Test
    void progressIsSeenAndAStopPutsATaskBackWithoutCountingIt() throws Exception {
        // Given
        String id = create("steps", "session_key", "agent:main:webhook:direct:anna", "deliver", "session");
        Bounded.until(SOON, () -> task(id).path("progress").asInt() == 40);

        // When
        HubProcess.Finished shown = HubProcess.run(
                folder,
                "",
                "tasks",
                "show",
                id,
                "--config",
                folder.resolve("hub.yaml").toString(),
                "--set",
                "server.port=" + hub.url().replaceFirst(".*:", ""));
        String beside = rpc.call("chat.send", "text", "hello", "session_key", "agent:main:webhook:direct:anna")
                .path("text")
                .asText();
        int code = hub.terminate();
        again();
        await(id, "running");
        release.countDown();

        // Then
        assertThat(shown.out()).contains("half of it").contains("running");
        assertThat(beside).isEqualTo("done: hello");
        assertThat(code).isZero();
        JsonNode done = await(id, "done");
        assertThat(done.path("attempts").asInt()).isEqualTo(1);
        assertThat(done.path("result").asText()).isEqualTo("all of it");
        Bounded.until(SOON, () -> callback.texts("anna").equals(List.of("all of it")));
    }

    private void again() throws Exception {
        hub = HubProcess.start(folder, yaml);
        rpc = hub.rpc();
    }

    private String create(String text, Object... more) throws Exception {
        var params = new ArrayList<Object>(List.of("text", text));
        params.addAll(List.of(more));
        if (!params.contains("deliver")) {
            params.addAll(List.of("deliver", "webhook:default:direct:anna"));
        }
        return rpc.call("tasks.create", params.toArray()).path("task_id").asText();
    }

    private JsonNode await(String id, String status) throws Exception {
        Bounded.until(SOON, () -> status(id).equals(status));
        return task(id);
    }

    private String status(String id) throws Exception {
        return task(id).path("status").asText();
    }

    private JsonNode task(String id) throws Exception {
        return rpc.call("tasks.get", "task_id", id);
    }
}
