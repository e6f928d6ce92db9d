package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Answers in pieces and events, over both doors. */
class StreamMethodsTest extends MethodsFixture {
    @Test
    void aStreamedAnswerOverHttpIsStartDeltasEndAndThenTheAnswer() throws Exception {
        // When
        String body = hub.doors
                .send(TestGateway.authorised(hub.doors.request("/rpc"), TestGateway.CHAT)
                        .header("Accept", "text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                HubBehindDoors.request("chat.send_stream", "[\"one two three\"]", 9))))
                .body();

        // Then
        List<String> data =
                body.lines().filter(line -> line.startsWith("data: ")).toList();
        var types = new ArrayList<String>();
        var deltas = new StringBuilder();
        for (String line : data.subList(0, data.size() - 1)) {
            JsonNode event = HubBehindDoors.json(line.substring(6)).path("params");
            types.add(event.path("type").asText());
            deltas.append(event.path("delta").asText(""));
        }
        JsonNode last = HubBehindDoors.json(data.getLast().substring(6));
        assertThat(types).startsWith("chat.start").endsWith("chat.end").contains("chat.delta");
        assertThat(deltas).hasToString("one two three");
        assertThat(last.path("id").asInt()).isEqualTo(9);
        assertThat(last.path("result").path("stream").asBoolean()).isTrue();
    }

    @Test
    void aStreamOverASocketComesOnceEvenIfTheSocketHasSubscribed() throws Exception {
        try (RawWebSocket socket = hub.doors.socket()) {
            // When
            socket.call(HubBehindDoors.request("events.subscribe", "{}", 1));
            socket.text(HubBehindDoors.request("chat.send_stream", "[\"word\"]", 2));
            List<JsonNode> frames = untilAnswer(socket, 2);

            // Then
            assertThat(frames)
                    .extracting(frame -> frame.path("params").path("type").asText())
                    .containsExactly("chat.start", "chat.delta", "chat.end", "");
        }
    }

    @Test
    void aRepeatedStreamStillHasABeginningAndAnEnd() throws Exception {
        try (RawWebSocket socket = hub.doors.socket()) {
            String request =
                    HubBehindDoors.request("chat.send_stream", "{\"text\":\"word\",\"idempotency_key\":\"s\"}", 3);
            socket.text(request);
            untilAnswer(socket, 3);

            // When
            socket.text(request);
            List<JsonNode> frames = untilAnswer(socket, 3);

            // Then
            assertThat(frames)
                    .extracting(frame -> frame.path("params").path("type").asText())
                    .containsExactly("chat.start", "chat.end", "");
            assertThat(frames.getLast().path("result").path("duplicate").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void aReconnectingClientGetsWhatItMissedOnceAndInOrderWhileMoreHappens() throws Exception {
        // Given
        for (int i = 0; i < 50; i++) {
            hub.events().record("note", Map.of("n", Integer.toString(i)));
        }
        String start =
                hub.result("events.sync", "{\"limit\":10}").path("cursor").asText();

        // When
        var happening = hub.doors.threads.submit(() -> {
            for (int i = 50; i < 300; i++) {
                hub.events().record("note", Map.of("n", Integer.toString(i)));
            }
            return null;
        });
        var seen = new ArrayList<Integer>();
        try (RawWebSocket socket = hub.doors.socket()) {
            socket.text(HubBehindDoors.request("events.subscribe", "{\"since\":\"" + start + "\"}", 1));
            while (seen.isEmpty() || seen.getLast() < 299) {
                JsonNode frame = HubBehindDoors.json(socket.readText());
                if (frame.path("params").has("n")) {
                    seen.add(frame.path("params").path("n").asInt());
                }
            }
        }
        happening.get();

        // Then
        assertThat(seen).hasSize(290).isSorted().doesNotHaveDuplicates().startsWith(10);
    }

    private static List<JsonNode> untilAnswer(RawWebSocket socket, int id) throws Exception {
        var frames = new ArrayList<JsonNode>();
        while (frames.isEmpty() || frames.getLast().path("id").asInt() != id) {
            frames.add(HubBehindDoors.json(socket.readText()));
        }
        return frames;
    }
}
