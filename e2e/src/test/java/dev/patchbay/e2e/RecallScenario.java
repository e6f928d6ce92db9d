package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was said is found again: with the built product, from outside. */
class RecallScenario {
    private static final String PLAIN = """
        hub: { data-dir: ./data }
        server: { port: 0 }
        plugins: { dir: ./plugins-installed }
        """;
    private static final String ANNA = "agent:main:web:direct:anna";
    private static final String BERT = "agent:main:web:direct:bert";

    /** Two seconds are promised; the rest is for a machine that others use, too. */
    private static final Duration SOON = Duration.ofSeconds(2 + 10);

    private static final Duration AFTER_A_START = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void whatWasSaidIsFoundSoonAndWhatIsDeletedIsNot() throws Exception {
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            // Given
            say(hub, BERT, "hello");
            await(hub, AFTER_A_START, "hello", 2);

            // When
            say(hub, ANNA, "The trains to 北京 were running late");

            // Then
            await(hub, SOON, "run train", 2);
            await(hub, SOON, "京", 2);
            assertThat(recall(hub, "北京 late").at("/matches/0/snippet").asText())
                    .isEqualTo("The trains to **北京** were running **late**");
            assertThat(recall(hub, "京北").path("matches")).isEmpty();

            // When
            say(hub, ANNA, "/new");
            say(hub, ANNA, "Another train");
            await(hub, SOON, "train", 4);
            hub.rpc().call("chat.clear", "session_key", ANNA);

            // Then
            assertThat(recall(hub, "another train").path("matches")).isEmpty();
            assertThat(recall(hub, "train").path("matches")).hasSize(2);

            // When
            hub.rpc().call("sessions.delete", "session_key", ANNA);

            // Then
            assertThat(recall(hub, "train").path("matches")).isEmpty();
            assertThat(hub.log()).doesNotContain("Lucene").doesNotContain("WARN");
        }
    }

    @Test
    void theIndexIsKeptOverAStopMadeUpAfterAKillAndMadeAgainWhenItIsGone() throws Exception {
        // Given
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            say(hub, ANNA, "needle one");
            say(hub, BERT, "needle two");
            await(hub, AFTER_A_START, "needle", 4);
            assertThat(hub.terminate()).isZero();
        }
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            await(hub, AFTER_A_START, "needle", 4);
            say(hub, BERT, "needle three");
            hub.kill();
        }

        // When
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            // Then
            await(hub, AFTER_A_START, "needle", 6);
            hub.rpc().call("sessions.delete", "session_key", ANNA);
            assertThat(recall(hub, "needle").path("matches")).hasSize(4);
            assertThat(hub.terminate()).isZero();
        }

        // When
        try (Stream<Path> files = Files.list(folder.resolve("data/index"))) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder.resolve("data/index"));
        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            // Then
            await(hub, AFTER_A_START, "needle", 4);
            assertThat(recall(hub, "one").path("matches")).isEmpty();
            Bounded.until(AFTER_A_START, () -> hub.rpc()
                    .call("health")
                    .at("/parts/recall/status")
                    .asText()
                    .equals("ok"));
            hub.terminate();
        }
    }

    @Test
    void aBrokenIndexStopsNoMessage() throws Exception {
        // Given
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/index"), "in the way");

        try (HubProcess hub = HubProcess.start(folder, PLAIN)) {
            // When
            JsonNode answer = say(hub, ANNA, "needle");
            Bounded.until(AFTER_A_START, () -> hub.rpc()
                    .call("health")
                    .at("/parts/recall/status")
                    .asText()
                    .equals("degraded"));

            // Then
            assertThat(answer.path("text").asText()).isEqualTo("needle");
            assertThat(recall(hub, "needle").path("complete").asBoolean()).isFalse();

            // When
            Files.delete(folder.resolve("data/index"));

            // Then
            await(hub, AFTER_A_START, "needle", 2);
        }
    }

    private static JsonNode say(HubProcess hub, String session, String text) throws Exception {
        return hub.rpc().call("chat.send", "text", text, "session_key", session);
    }

    private static JsonNode recall(HubProcess hub, String query) throws Exception {
        return hub.rpc().call("memory.recall", "query", query);
    }

    private static void await(HubProcess hub, Duration limit, String query, int matches) throws Exception {
        Bounded.until(limit, () -> {
            JsonNode found = recall(hub, query);
            return found.path("complete").asBoolean() && found.path("matches").size() == matches;
        });
    }
}
