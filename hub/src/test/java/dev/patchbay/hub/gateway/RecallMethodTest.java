package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.lane.Stopwatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code memory.recall} through the door. */
@Timeout(60)
class RecallMethodTest {
    private static final String ANNA = "agent:main:web:direct:anna";

    private HubBehindDoors hub;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        hub = new HubBehindDoors(folder);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void whatWasSaidIsFoundWithItsHitsMarked() throws Exception {
        // Given
        String said = hub.result("chat.send", "{\"text\":\"The trains were late\",\"session_key\":\"" + ANNA + "\"}")
                .path("message_id")
                .asText();

        // When
        JsonNode found = awaitMatches("{\"query\":\"train\",\"agent_id\":\"main\"}", 2);

        // Then
        assertThat(found.path("complete").asBoolean()).isTrue();
        JsonNode asked = found.path("matches").path(1);
        assertThat(asked.path("message_id").asText()).isEqualTo(said);
        assertThat(asked.path("session_key").asText()).isEqualTo(ANNA);
        assertThat(asked.path("role").asText()).isEqualTo("user");
        assertThat(asked.path("snippet").asText()).isEqualTo("The **trains** were late");
        assertThat(asked.path("timestamp").asText()).endsWith("Z");
        assertThat(asked.path("score").asDouble()).isPositive();
    }

    @Test
    void filtersAndTheLimitAreKept() throws Exception {
        // Given
        for (int i = 0; i < 8; i++) {
            hub.result("chat.send", "{\"text\":\"needle\",\"session_key\":\"agent:main:web:direct:u" + i + "\"}");
        }
        awaitMatches("{\"query\":\"needle\",\"limit\":100}", 16);

        // Then
        assertThat(matches("{\"query\":\"needle\"}")).hasSize(10);
        assertThat(matches("{\"query\":\"needle\",\"limit\":3}")).hasSize(3);
        assertThat(matches("{\"query\":\"needle\",\"session_key\":\"agent:main:web:direct:u3\"}"))
                .hasSize(2)
                .allSatisfy(
                        each -> assertThat(each.path("session_key").asText()).isEqualTo("agent:main:web:direct:u3"));
        assertThat(matches("{\"query\":\"needle\",\"agent_id\":\"broken\"}")).isEmpty();
        assertThat(matches("{\"query\":\"\"}")).isEmpty();
        assertThat(matches("{\"query\":\"" + "word ".repeat(10_000) + "\"}")).isEmpty();
    }

    @Test
    void aDeletedSessionIsNotFoundAnyMore() throws Exception {
        // Given
        hub.result("chat.send", "{\"text\":\"needle\",\"session_key\":\"" + ANNA + "\"}");
        awaitMatches("{\"query\":\"needle\"}", 2);

        // When
        hub.result("sessions.delete", "{\"session_key\":\"" + ANNA + "\"}");

        // Then
        assertThat(matches("{\"query\":\"needle\"}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{\"query\":\"x\",\"limit\":0}",
                "{\"query\":\"x\",\"limit\":101}",
                "{\"query\":\"x\",\"session_key\":\"nonsense\"}",
                "{\"query\":7}",
            })
    void whatIsNotAQueryIsRefused(String params) throws Exception {
        assertThat(hub.error("memory.recall", params)).isEqualTo(-32602);
    }

    private JsonNode matches(String params) throws Exception {
        return hub.result("memory.recall", params).path("matches");
    }

    private JsonNode awaitMatches(String params, int count) throws Exception {
        while (true) {
            JsonNode result = hub.result("memory.recall", params);
            if (result.path("matches").size() == count) {
                return result;
            }
            boolean ignored = Stopwatch.SYSTEM.await(new CountDownLatch(1), Duration.ofMillis(20));
        }
    }
}
