package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and their histories as programs see them. */
class SessionMethodsTest extends MethodsFixture {
    @Test
    void sessionsAreListedPageByPageClearedAndDeleted() throws Exception {
        // Given
        for (int i = 0; i < 5; i++) {
            hub.result("chat.send", "{\"text\":\"x\",\"session_key\":\"agent:main:web:direct:u" + i + "\"}");
        }

        // When
        var keys = new ArrayList<String>();
        String cursor = "";
        do {
            JsonNode page = hub.result("sessions.list", "{\"limit\":2" + cursor + "}");
            page.path("sessions")
                    .forEach(each -> keys.add(each.path("session_key").asText()));
            cursor = page.has("next_cursor") ? ",\"cursor\":" + page.get("next_cursor") : "";
        } while (!cursor.isEmpty());
        String one = "{\"session_key\":\"agent:main:web:direct:u1\"}";
        JsonNode cleared = hub.result("chat.clear", one);
        JsonNode empty = hub.result("chat.history", one);
        JsonNode deleted = hub.result("sessions.delete", one);

        // Then
        assertThat(keys).hasSize(5).doesNotHaveDuplicates().startsWith("agent:main:web:direct:u4");
        assertThat(cleared.path("cleared").asInt()).isEqualTo(2);
        assertThat(empty.path("messages")).isEmpty();
        assertThat(deleted.path("deleted").asBoolean()).isTrue();
        assertThat(hub.error("chat.history", one)).isEqualTo(-32004);
    }

    @Test
    void aLongHistoryComesInPagesThatMissNothing() throws Exception {
        // Given
        for (int i = 0; i < 60; i++) {
            hub.result("chat.send", "{\"text\":\"m" + i + "\",\"session_key\":\"" + KEY + "\"}");
        }

        // When
        JsonNode newest = hub.result("chat.history", "{\"session_key\":\"" + KEY + "\",\"limit\":101}");
        JsonNode older = hub.result(
                "chat.history", "{\"session_key\":\"" + KEY + "\",\"cursor\":" + newest.get("next_cursor") + "}");

        // Then
        var contents = new ArrayList<String>();
        older.path("messages").forEach(each -> contents.add(each.path("content").asText()));
        newest.path("messages")
                .forEach(each -> contents.add(each.path("content").asText()));
        assertThat(newest.path("messages")).hasSize(101);
        assertThat(older.has("next_cursor")).isFalse();
        assertThat(contents).hasSize(120);
        for (int i = 0; i < 120; i++) {
            assertThat(contents.get(i)).isEqualTo("m" + i / 2);
        }
    }

    @Test
    void afterNewTheHistoryIsEmptyAndTheOldOneIsArchived() throws Exception {
        // Given
        String key = "{\"session_key\":\"" + KEY + "\"}";
        hub.result("chat.send", "{\"text\":\"hello\",\"session_key\":\"" + KEY + "\"}");

        // When
        JsonNode sent = hub.result(
                "chat.send", "{\"text\":\"/new\",\"session_key\":\"" + KEY + "\",\"idempotency_key\":\"k\"}");
        JsonNode repeat = hub.result(
                "chat.send", "{\"text\":\"/new\",\"session_key\":\"" + KEY + "\",\"idempotency_key\":\"k\"}");

        // Then
        assertThat(hub.result("chat.history", key).path("messages")).isEmpty();
        assertThat(repeat.path("text")).isEqualTo(sent.path("text"));
        assertThat(hub.result("sessions.list", "{}").path("sessions")).hasSize(1);
        JsonNode archives = hub.result("sessions.list", "{\"archived\":true}").path("sessions");
        assertThat(archives).hasSize(1);
        assertThat(archives.get(0).path("session_key").asText()).isEqualTo(KEY);
        assertThat(archives.get(0).path("archived").asBoolean()).isTrue();
        assertThat(archives.get(0).path("message_count").asInt()).isEqualTo(4);
        JsonNode old = hub.result(
                "chat.history",
                "{\"session_key\":\"" + KEY + "\",\"archive_id\":"
                        + archives.get(0).get("archive_id") + "}");
        assertThat(old.path("messages").get(0).path("content").asText()).isEqualTo("hello");
        assertThat(hub.error("chat.history", "{\"session_key\":\"" + KEY + "\",\"archive_id\":\"1\"}"))
                .isEqualTo(-32004);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "agent:", "agent:main", "agent:Main:main", "agent:main:%", "agent:main:web:a:team:1"})
    void aMalformedSessionKeyIsNamedByEveryMethodThatTakesOne(String key) throws Exception {
        for (String method : List.of("chat.send", "chat.history", "chat.clear", "sessions.delete")) {
            // When
            String text = method.equals("chat.send") ? ",\"text\":\"x\"" : "";
            JsonNode error = hub.call(method, "{\"session_key\":\"" + key + "\"" + text + "}")
                    .path("error");

            // Then
            assertThat(error.path("code").asInt()).as(method).isEqualTo(-32602);
            assertThat(error.path("data").path("parameter").asText()).isEqualTo("session_key");
            assertThat(error.path("data").path("reason").asText()).isNotBlank();
        }
        try (RawWebSocket socket = hub.doors.socket()) {
            // When
            String answer =
                    socket.call(HubBehindDoors.request("events.subscribe", "{\"session_key\":\"" + key + "\"}", 1));

            // Then
            assertThat(answer).contains("-32602", "\"parameter\":\"session_key\"");
        }
    }

    @Test
    void aPageOfLongLinesComesWhole() throws Exception {
        // Given
        var words = new StringBuilder();
        for (int i = 0; words.length() < 500_000; i++) {
            words.append(i).append(' ');
        }
        for (int i = 0; i < 3; i++) {
            hub.result("chat.send", "{\"text\":\"" + words + "\",\"session_key\":\"" + KEY + "\"}");
        }

        // When
        JsonNode history = hub.result("chat.history", "{\"session_key\":\"" + KEY + "\"}");

        // Then
        assertThat(history.path("messages")).hasSize(6).allSatisfy(line -> assertThat(
                        line.path("content").asText().contentEquals(words))
                .isTrue());
    }
}
