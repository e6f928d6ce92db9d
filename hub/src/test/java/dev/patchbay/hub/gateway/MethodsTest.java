package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The methods as programs call them, on a real store. */
@Timeout(60)
class MethodsTest {
    private static final String KEY = "agent:main:web:direct:anna";

    @TempDir
    Path folder;

    private HubBehindDoors hub;

    @BeforeEach
    void start() throws Exception {
        hub = new HubBehindDoors(folder);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

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
    void aQueuedMessageCanBeListedTracedAndDiscarded() throws Exception {
        // When
        JsonNode sent = hub.result(
                "messages.send",
                "{\"channel\":\"Webhook\",\"to\":\"group:42\",\"text\":\"hi\",\"idempotency_key\":\"a\"}");
        JsonNode repeat = hub.result(
                "messages.send",
                "{\"channel\":\"webhook\",\"to\":\"group:42\",\"text\":\"hi\",\"idempotency_key\":\"a\"}");
        String id = sent.path("delivery_id").asText();
        JsonNode listed = hub.result("deliveries.list", "{\"state\":\"pending\",\"to\":\"group:42\"}");
        JsonNode status = hub.result("channels.status", "{}");
        JsonNode discarded = hub.result("deliveries.discard", "{\"delivery_id\":\"" + id + "\"}");
        JsonNode trace = hub.result("messages.trace", "{\"delivery_id\":\"" + id + "\"}");

        // Then
        assertThat(repeat.path("delivery_id").asText()).isEqualTo(id);
        assertThat(repeat.path("duplicate").asBoolean()).isTrue();
        JsonNode delivery = listed.path("deliveries").get(0);
        assertThat(listed.path("deliveries")).hasSize(1);
        assertThat(delivery.path("to").asText()).isEqualTo("group:42");
        assertThat(delivery.path("state").asText()).isEqualTo("pending");
        assertThat(delivery.path("remote_ids")).isEmpty();
        assertThat(delivery.path("possibly_repeated").isBoolean()).isTrue();
        assertThat(status.path("channels").get(0).path("queued").asInt()).isEqualTo(1);
        assertThat(discarded.path("count").asInt()).isEqualTo(1);
        assertThat(trace.path("steps"))
                .extracting(step -> step.path("step").asText())
                .containsExactly("queued", "discarded");
    }

    @Test
    void aStrangerIsListedApprovedByTheCodeAndRevoked() throws Exception {
        // Given
        hub.admits("anna");
        hub.admits("bert");

        // When
        JsonNode asking = hub.result("pairing.list", "{\"channel\":\"Webhook\"}");
        for (JsonNode each : asking.path("requests")) {
            hub.result("pairing.approve", "{\"code\":" + each.get("code") + "}");
        }
        JsonNode first = hub.result("pairing.list", "{\"limit\":1}");
        JsonNode second = hub.result("pairing.list", "{\"limit\":1,\"cursor\":" + first.get("next_cursor") + "}");
        boolean isIn = hub.admits("anna");
        JsonNode revoked = hub.result("pairing.revoke", "{\"channel\":\"webhook\",\"peer\":\"anna\"}");

        // Then
        JsonNode request = asking.path("requests").get(0);
        assertThat(asking.path("requests")).hasSize(2);
        assertThat(asking.path("approved")).isEmpty();
        assertThat(request.path("account_id").asText()).isEqualTo("default");
        assertThat(request.path("peer").path("kind").asText()).isEqualTo("direct");
        assertThat(request.path("expires_at").asText()).endsWith("Z");
        assertThat(first.path("approved").get(0).path("peer").path("id").asText())
                .isEqualTo("anna");
        assertThat(first.path("approved").get(0).path("approved_at").asText()).endsWith("Z");
        assertThat(second.path("approved").get(0).path("peer").path("id").asText())
                .isEqualTo("bert");
        assertThat(second.has("next_cursor")).isFalse();
        assertThat(isIn).isTrue();
        assertThat(revoked.path("revoked").asBoolean()).isTrue();
        assertThat(hub.admits("anna")).isFalse();
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

    @Test
    void aKindInToIsPartOfTheChoiceAndABareIdMeansEveryKind() throws Exception {
        // Given
        for (String to : List.of("group:42", "direct:42", "43")) {
            hub.result("messages.send", "{\"channel\":\"webhook\",\"to\":\"" + to + "\",\"text\":\"x\"}");
        }

        // When
        JsonNode all = hub.result("deliveries.list", "{\"all\":true}");
        JsonNode bare = hub.result("deliveries.list", "{\"to\":\"42\"}");
        JsonNode group = hub.result("deliveries.list", "{\"to\":\"group:42\"}");
        JsonNode channel = hub.result("deliveries.discard", "{\"to\":\"channel:42\"}");
        JsonNode direct = hub.result("deliveries.discard", "{\"to\":\"dm:42\"}");
        JsonNode left = hub.result("deliveries.list", "{\"state\":\"pending\"}");

        // Then
        assertThat(all.path("deliveries")).hasSize(3);
        assertThat(bare.path("deliveries")).hasSize(2);
        assertThat(group.path("deliveries")).hasSize(1);
        assertThat(channel.path("count").asInt()).isZero();
        assertThat(direct.path("count").asInt()).isEqualTo(1);
        assertThat(left.path("deliveries"))
                .extracting(each -> each.path("to").asText())
                .containsExactly("43", "group:42");
    }

    @Test
    void anAnsweredMessageAndAFailedOneCanBeTraced() throws Exception {
        // Given
        String answered = hub.result("chat.send", "[\"x\"]").path("message_id").asText();
        JsonNode failure = hub.call("chat.send", "{\"text\":\"x\",\"agent_id\":\"broken\"}");
        String failed = failure.path("error").path("data").path("message_id").asText();

        // When
        JsonNode good = hub.result("messages.trace", "{\"message_id\":\"" + answered + "\"}");
        JsonNode bad = hub.result("messages.trace", "{\"message_id\":\"" + failed + "\"}");

        // Then
        assertThat(good.path("steps"))
                .extracting(step -> step.path("step").asText())
                .containsExactly("accepted", "answered");
        assertThat(bad.path("steps"))
                .extracting(step -> step.path("step").asText())
                .containsExactly("accepted", "failed");
    }

    @Test
    void bindingsAreSetExplainedAndReset() throws Exception {
        // When
        JsonNode set = hub.result(
                "bindings.set", "{\"bindings\":[{\"agent\":\"broken\",\"match\":{\"channel\":\"webhook\"}}]}");
        JsonNode explained =
                hub.result("bindings.explain", "{\"channel\":\"webhook\",\"peer\":{\"kind\":\"direct\",\"id\":\"1\"}}");
        JsonNode reset = hub.result("bindings.reset", "{}");
        JsonNode listed = hub.result("bindings.list", "{}");
        int status = hub.doors
                .rpc(HubBehindDoors.request("bindings.reset", "{}", 1), TestGateway.OPERATE)
                .statusCode();

        // Then
        assertThat(set.path("source").asText()).isEqualTo("api");
        assertThat(explained.path("agent_id").asText()).isEqualTo("broken");
        assertThat(explained.path("tier").asText()).isEqualTo("channel");
        assertThat(explained.path("binding").path("match").path("channel").asText())
                .isEqualTo("webhook");
        assertThat(explained.path("considered")).hasSize(1);
        assertThat(reset.path("bindings")).isEmpty();
        assertThat(reset.path("source").asText()).isEqualTo("file");
        assertThat(listed).isEqualTo(reset);
        assertThat(status).isEqualTo(403);
    }

    @Test
    void pluginsAreChangedByAdminsOnlyAndRefusalsSayWhy() throws Exception {
        // When
        JsonNode install = hub.call("plugins.install", "{\"path\":\"/nowhere/x.jar\"}");
        JsonNode reloaded = hub.result("plugins.reload", "{\"plugin_id\":\"webhook\"}");
        int unknown = hub.error("plugins.reload", "{\"plugin_id\":\"nobody\"}");
        JsonNode shipped = hub.call("plugins.remove", "{\"plugin_id\":\"webhook\"}");
        JsonNode removed = hub.result("plugins.remove", "{\"plugin_id\":\"matrix\"}");
        int missing = hub.error("plugins.remove", "{\"plugin_id\":\"nobody\"}");

        // Then
        assertThat(install.path("error").path("code").asInt()).isEqualTo(-32602);
        assertThat(install.path("error").path("data").path("parameter").asText())
                .isEqualTo("path");
        assertThat(install.path("error").path("data").path("reason").asText()).contains("/nowhere/x.jar");
        assertThat(reloaded.path("plugin").path("state").asText()).isEqualTo("running");
        assertThat(unknown).isEqualTo(-32004);
        assertThat(shipped.path("error").path("data").path("reason").asText()).contains("comes with the hub");
        assertThat(removed.path("removed").asBoolean()).isTrue();
        assertThat(missing).isEqualTo(-32004);
    }

    @Test
    void theHubShowsItselfAndMovesItsChannels() throws Exception {
        // When
        JsonNode agents = hub.result("agents.list", "{}");
        JsonNode plugins = hub.result("plugins.list", "{}");
        JsonNode health = hub.result("health", "{}");
        JsonNode check = hub.result("config.check", "{}");
        JsonNode document = hub.result("rpc.discover", "{}");
        hub.result("channels.pause", "{\"channel\":\"WEBHOOK\"}");
        hub.result("channels.resume", "{\"channel\":\"webhook\",\"account_id\":\"default\"}");

        // Then
        assertThat(agents.path("agents"))
                .extracting(each -> each.path("agent_id").asText())
                .containsExactly("main", "broken");
        assertThat(agents.path("agents").get(0).path("timeout").asText()).isEqualTo("20s");
        assertThat(plugins.path("plugins").get(0).path("plugin_id").asText()).isEqualTo("webhook");
        assertThat(health.path("parts").has("store")).isTrue();
        assertThat(check.path("ok").asBoolean()).isTrue();
        assertThat(document.path("methods")).hasSizeGreaterThan(20).allSatisfy(method -> {
            assertThat(method.path("summary").asText()).isNotBlank();
            assertThat(method.path("params").isArray()).isTrue();
        });
        assertThat(hub.moves).containsExactly("pause webhook default", "resume webhook default");
    }

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
