package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.model.Answer;
import dev.patchbay.fakes.model.Answer.End;
import dev.patchbay.fakes.model.FakeModel;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model as the agent of the built hub: what people see of its words and of its trouble. */
class LlmScenario {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String WHOLE =
            IntStream.range(0, 12).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    /** Answers the handshake, has one tool, and says what it was called with. */
    private static final String TOOL_SERVER = """
        import json, os, sys
        for line in sys.stdin:
            message = json.loads(line)
            if "id" not in message:
                continue
            method, params = message["method"], message.get("params", {})
            if method == "initialize":
                result = {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}},
                          "serverInfo": {"name": "test", "version": "1"}}
            elif method == "tools/list":
                result = {"tools": [{"name": "shout", "description": "Shouts",
                          "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}}}]}
            else:
                text = params["arguments"]["text"].upper() + " " + ",".join(sorted(os.environ))
                result = {"content": [{"type": "text", "text": text}]}
            print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
        """;

    @TempDir
    Path folder;

    private final FakeModel model = FakeModel.start(0);
    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot("42:token", "telegram_bot");
    private final FakeChat chat = bot.direct(7);
    private final HttpClient client = HttpClient.newHttpClient();

    private HubProcess hub;

    @BeforeEach
    void begin() throws Exception {
        Files.writeString(folder.resolve("tool.py"), TOOL_SERVER);
        Files.writeString(folder.resolve("SOUL.md"), "You are kind.");
        hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
              main:
                type: llm
                provider: openai
                base-url: "%s"
                api-key: secret-key-1
                model: big
                fallback-models: [small]
                system-file: SOUL.md
                timeout: 20s
                tools: [ { name: lab, command: [python3, tool.py] } ]
            channels:
              telegram:
                accounts:
                  default: { token: "42:token", api-url: "%s", dm-policy: open }
            """.formatted(model.url(), telegram.url()));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        telegram.close();
        model.close();
        client.close();
    }

    @Test
    void everyWordReachesAWebSocketAsItComes() throws Exception {
        // Given
        model.say(Answer.text(WHOLE).slowly(Duration.ofMillis(50)));
        var events = new LinkedBlockingQueue<JsonNode>();
        WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("patchbay.v1", "bearer." + hub.token())
                .buildAsync(URI.create(hub.url().replace("http:", "ws:") + "/ws"), new Listening(events))
                .get(60, TimeUnit.SECONDS);

        // When
        socket.sendText(
                        Json.write(Map.of(
                                "jsonrpc",
                                "2.0",
                                "id",
                                1,
                                "method",
                                "chat.send_stream",
                                "params",
                                Map.of("text", "tell me"))),
                        true)
                .get(10, TimeUnit.SECONDS);

        // Then
        var words = new java.util.ArrayList<String>();
        JsonNode end = null;
        while (end == null) {
            JsonNode event = events.poll(60, TimeUnit.SECONDS);
            assertThat(event).as("an event").isNotNull();
            switch (event.path("params").path("type").asText()) {
                case "chat.delta" ->
                    words.add(event.path("params").path("delta").asText());
                case "chat.end" -> end = event;
                default -> {}
            }
        }
        assertThat(words).hasSize(12);
        assertThat(String.join("", words))
                .isEqualTo(end.path("params").path("text").asText())
                .isEqualTo(WHOLE);
        assertThat(model.asked().getFirst().system()).isEqualTo("You are kind.");
        socket.abort();
    }

    @Test
    void aTelegramChatSeesTheAnswerGrow() throws Exception {
        // Given
        model.say(Answer.text(WHOLE).slowly(Duration.ofMillis(300)));

        // When
        chat.userSays("tell me");

        // Then
        chat.awaitSeen(1, SOON);
        assertThat(chat.await(() -> chat.texts().equals(List.of(WHOLE)), SOON)).isTrue();
        assertThat(chat.seen().getFirst().edits()).isNotEmpty().allSatisfy(edit -> assertThat(WHOLE)
                .startsWith(edit.before()));
    }

    @Test
    void troubleThatPassesIsNotNoticedAndTroubleThatStaysIsAFailure() throws Exception {
        // Given
        Rpc rpc = hub.rpc();

        // Then
        model.say(Answer.status(429, "1"), Answer.text("after a wait"));
        assertThat(text(rpc.call("chat.send", "text", "one"))).isEqualTo("after a wait");

        model.say(Answer.status(500), Answer.status(500), Answer.text("after repeats"));
        assertThat(text(rpc.call("chat.send", "text", "two"))).isEqualTo("after repeats");

        model.say(Answer.status(404), Answer.text("by another model"));
        assertThat(text(rpc.call("chat.send", "text", "three"))).isEqualTo("by another model");
        assertThat(model.asked().getLast().model()).isEqualTo("small");

        model.say(Answer.text("only half of").then(End.CUT));
        assertThatThrownBy(() -> rpc.call("chat.send", "text", "four"))
                .isInstanceOfSatisfying(
                        Rpc.RpcError.class, error -> assertThat(error.code).isEqualTo(-32008))
                .hasMessageNotContaining("secret-key-1");

        model.say(Answer.text("slow").then(End.HANG));
        assertThatThrownBy(() -> rpc.call("chat.send", "text", "five"))
                .isInstanceOfSatisfying(
                        Rpc.RpcError.class, error -> assertThat(error.code).isEqualTo(-32009));

        JsonNode lines =
                rpc.call("chat.history", "session_key", "agent:main:main").path("messages");
        List<String> said = new java.util.ArrayList<>();
        lines.forEach(line -> {
            if (line.path("role").asText().equals("assistant")) {
                said.add(line.path("content").asText());
            }
        });
        assertThat(said).containsExactly("after a wait", "after repeats", "by another model");
    }

    @Test
    void aToolOfAChildProcessIsCalledAndTokensAreCounted() throws Exception {
        // Given
        model.say(Answer.call("lab_shout", "{\"text\":\"hello\"}"), Answer.text("It shouted"));

        // When
        JsonNode answer = hub.rpc().call("chat.send", "text", "shout");

        // Then
        assertThat(text(answer)).isEqualTo("It shouted");
        assertThat(answer.path("tokens_used").asInt()).isEqualTo(11 + 1 + 11 + 2);
        String result = model.asked().getLast().lastToolResult();
        assertThat(result).startsWith("HELLO ").contains("PATH").doesNotContain("PATCHBAY");
        assertThat(hub.terminate()).isZero();
    }

    private static String text(JsonNode result) {
        return result.path("text").asText();
    }

    /** Collects whole messages. */
    private static final class Listening implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> events;
        private final StringBuilder part = new StringBuilder();

        Listening(BlockingQueue<JsonNode> events) {
            this.events = events;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                events.add(Json.read(part.toString()));
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
