package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Talking to agents as programs do. */
class MethodsTest extends MethodsFixture {
    @Test
    void aMessageIsAnsweredAndBothLinesAreInTheHistory() throws Exception {
        // When
        JsonNode sent = hub.result("chat.send", "{\"text\":\"hello there\",\"session_key\":\"" + KEY + "\"}");
        JsonNode history = hub.result("chat.history", "{\"session_key\":\"" + KEY + "\"}");

        // Then
        assertThat(sent.path("text").asText()).isEqualTo("hello there");
        assertThat(sent.path("session_key").asText()).isEqualTo(KEY);
        assertThat(sent.path("agent_id").asText()).isEqualTo("main");
        assertThat(sent.path("timestamp").asText()).endsWith("Z");
        assertThat(sent.has("duplicate")).isFalse();
        JsonNode messages = history.path("messages");
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).path("message_id")).isEqualTo(sent.path("message_id"));
        assertThat(messages.get(0).path("role").asText()).isEqualTo("user");
        assertThat(messages.get(1).path("content").asText()).isEqualTo("hello there");
        assertThat(messages.get(1).path("metadata").path("reply_to")).isEqualTo(sent.path("message_id"));
    }

    @Test
    void theSessionIsTheMainOneUnlessSaidAndAContextIsRouted() throws Exception {
        // When
        JsonNode main = hub.result("chat.send", "[\"x\"]");
        JsonNode routed =
                hub.result("chat.send", "{\"text\":\"x\",\"context\":{\"channel\":\"webhook\",\"user_id\":\"7\"}}");

        // Then
        assertThat(main.path("session_key").asText()).isEqualTo("agent:main:main");
        assertThat(routed.path("session_key").asText()).isEqualTo("agent:main:webhook:direct:7");
    }

    @Test
    void anIdempotencyKeyMakesARepeatKnown() throws Exception {
        // Given
        String params = "{\"text\":\"once\",\"idempotency_key\":\"k1\"}";

        // When
        JsonNode first = hub.result("chat.send", params);
        JsonNode repeat = hub.result("chat.send", params);
        JsonNode other = hub.call("chat.send", "{\"text\":\"else\",\"idempotency_key\":\"k1\"}");

        // Then
        assertThat(repeat.path("message_id")).isEqualTo(first.path("message_id"));
        assertThat(repeat.path("duplicate").asBoolean()).isTrue();
        assertThat(repeat.path("text").asText()).isEqualTo("once");
        assertThat(other.path("error").path("data").path("parameter").asText()).isEqualTo("idempotency_key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chat.send       | {\"text\":\"x\",\"agent_id\":\"nobody\"}     | -32602",
                "chat.send       | {\"text\":\"x\",\"session_key\":\"nonsense\"}| -32602",
                "chat.send       | {\"text\":\"\"}                              | -32602",
                "chat.send       | {\"text\":\"x\",\"agent_id\":\"broken\"}     | -32008",
                "chat.history    | {\"session_key\":\"agent:main:main\"}        | -32004",
                "chat.history    | {\"session_key\":\"x\"}                      | -32602",
                "chat.history    | {\"session_key\":\"agent:main:main\",\"limit\":1001} | -32602",
                "chat.clear      | {\"session_key\":\"agent:main:main\"}        | -32004",
                "sessions.delete | {\"session_key\":\"agent:main:main\"}        | -32004",
                "chat.clear      | {\"session_key\":\"x\"}                      | -32602",
                "sessions.delete | {\"session_key\":\"agent:main:web:default:team:1\"} | -32602",
                "bindings.set    | {\"reset\":true}                           | -32602",
                "sessions.list   | {\"cursor\":\"nonsense\"}                    | -32602",
                "messages.send   | {\"channel\":\"no\",\"to\":\"1\",\"text\":\"x\"} | -32004",
                "messages.send   | {\"channel\":\"mute\",\"to\":\"1\",\"text\":\"x\"} | -32602",
                "messages.send   | {\"channel\":\"webhook\",\"to\":\"group:\",\"text\":\"x\"} | -32602",
                "messages.send   | {\"channel\":\"webhook\",\"to\":\"1\",\"text\":\"x\",\"ttl\":\"5\"} | -32602",
                "deliveries.retry   | {}                                        | -32602",
                "deliveries.discard | {\"delivery_id\":\"none\"}                | -32004",
                "messages.trace  | {\"message_id\":\"none\"}                    | -32004",
                "messages.trace  | {}                                           | -32602",
                "channels.pause  | {\"channel\":\"none\"}                       | -32004",
                "bindings.explain| {\"channel\":\"x\",\"peer\":{\"kind\":\"direct\",\"id\":\" \"}} | -32602",
                "bindings.set    | {}                                           | -32602",
                "bindings.set    | {\"bindings\":[{\"agent\":\"nobody\",\"match\":{\"channel\":\"x\"}}]} | -32602",
                "pairing.approve | {\"code\":\"ABCDEFGH\"}                    | -32004",
                "pairing.approve | {\"code\":\" \"}                           | -32602",
                "pairing.revoke  | {\"channel\":\"webhook\",\"peer\":\"42\"}  | -32004",
                "pairing.revoke  | {\"channel\":\"nowhere\",\"peer\":\"42\"}  | -32004",
                "pairing.list    | {\"cursor\":\"?\"}                         | -32602",
                "events.sync     | {\"since\":\"x\"}                            | -32602",
                "events.sync     | {\"since\":\"999\"}                          | -32602",
                "events.subscribe| {}                                           | -32600",
                "tasks.forget    | {\"text\":\"x\"}                             | -32601",
            })
    void whatCannotBeDoneHasItsCode(String method, String params, int code) throws Exception {
        // When
        int error = hub.error(method, params);

        // Then
        assertThat(error).isEqualTo(code);
    }
}
