package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks as programs see them. */
@Timeout(60)
class TaskMethodsTest {
    @TempDir
    Path folder;

    @Test
    void aTaskIsCreatedDoneAndListed() throws Exception {
        try (var hub = new HubBehindDoors(folder)) {
            // When
            JsonNode created = hub.result("tasks.create", "{\"text\":\"print\",\"idempotency_key\":\"k\"}");
            JsonNode done = await(hub, created.path("task_id").asText(), "done");
            JsonNode again = hub.result("tasks.create", "{\"text\":\"print\",\"idempotency_key\":\"k\"}");
            JsonNode listed = hub.result("tasks.list", "{\"status\":\"done\",\"agent_id\":\"main\"}");

            // Then
            String id = created.path("task_id").asText();
            assertThat(created.path("status").asText()).isEqualTo("queued");
            assertThat(done.path("result").asText()).isEqualTo("print");
            assertThat(done.path("attempts").asInt()).isEqualTo(1);
            assertThat(done.path("session_key").asText()).isEqualTo("agent:main:task:" + id);
            assertThat(done.path("finished_at").asText()).isNotEmpty();
            assertThat(again.path("task_id").asText()).isEqualTo(id);
            assertThat(again.path("duplicate").asBoolean()).isTrue();
            assertThat(listed.path("tasks")).hasSize(1);
            assertThat(hub.result("tasks.cancel", "{\"task_id\":\"" + id + "\"}"))
                    .isEqualTo(done);
        }
    }

    @Test
    void aTaskOfABrokenAgentFailsAfterItsAttempts() throws Exception {
        try (var hub = new HubBehindDoors(folder)) {
            // When
            JsonNode created = hub.result("tasks.create", "{\"text\":\"print\",\"agent_id\":\"broken\"}");
            JsonNode failed = await(hub, created.path("task_id").asText(), "failed");

            // Then
            assertThat(failed.path("attempts").asInt()).isEqualTo(2);
            assertThat(failed.path("error").asText()).contains("broken");
        }
    }

    @Test
    void whatMeansNothingIsRefusedWithTheParametersName() throws Exception {
        try (var hub = new HubBehindDoors(folder)) {
            refused(hub, "agent_id", "{\"text\":\"x\",\"agent_id\":\"nobody\"}");
            refused(hub, "agent_id", "{\"text\":\"x\",\"agent_id\":\"broken\",\"session_key\":\"agent:main:main\"}");
            refused(hub, "session_key", "{\"text\":\"x\",\"session_key\":\"main\"}");
            refused(hub, "timeout", "{\"text\":\"x\",\"timeout\":\"soon\"}");
            refused(hub, "retries", "{\"text\":\"x\",\"retries\":7}");
            refused(hub, "deliver", "{\"text\":\"x\",\"deliver\":\"somebody\"}");
            refused(hub, "deliver", "{\"text\":\"x\",\"deliver\":\"fax:default:direct:1\"}");
            refused(hub, "deliver", "{\"text\":\"x\",\"deliver\":\"session\"}");
            assertThat(hub.error("tasks.get", "{\"task_id\":\"none\"}")).isEqualTo(-32004);
            assertThat(hub.error("tasks.cancel", "{\"task_id\":\"none\"}")).isEqualTo(-32004);
        }
    }

    private static void refused(HubBehindDoors hub, String parameter, String params) throws Exception {
        JsonNode error = hub.call("tasks.create", params).path("error");
        assertThat(error.path("code").asInt()).as(params).isEqualTo(-32602);
        assertThat(error.path("data").path("parameter").asText()).as(params).isEqualTo(parameter);
    }

    private static JsonNode await(HubBehindDoors hub, String id, String status) throws Exception {
        JsonNode task;
        do {
            task = hub.result("tasks.get", "{\"task_id\":\"" + id + "\"}");
            Thread.onSpinWait();
        } while (!task.path("status").asText().equals(status));
        return task;
    }
}
