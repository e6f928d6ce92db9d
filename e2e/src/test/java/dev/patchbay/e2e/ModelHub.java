package dev.patchbay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.telegram.FakeBot;
import dev.patchbay.fakes.telegram.FakeChat;
import dev.patchbay.fakes.telegram.FakeTelegram;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A hub whose agents are language models, and a person with Telegram and one with a WebSocket who talk to it. */
final class ModelHub implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    /** Twelve words of {@link #PER_WORD} characters, the space after each included. */
    static final String WHOLE =
            IntStream.range(10, 22).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    static final int PER_WORD = 7;

    /** In an agent: the program in {@link #TOOL_SERVER}; the model knows it as {@code lab_shout}. */
    static final String TOOLS = "tools: [ { name: lab, command: [python3, tool.py] } ]";

    /** Answers the handshake, has one tool, and says what it was called with and which variables it sees. */
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

    private final FakeTelegram telegram = FakeTelegram.start();
    private final FakeBot bot = telegram.addBot("42:token", "telegram_bot");
    private final HttpClient client = HttpClient.newHttpClient();

    final HubProcess hub;

    /** @param agents one line each, as {@code id: { … }} */
    ModelHub(Path folder, String... agents) throws Exception {
        Files.writeString(folder.resolve("tool.py"), TOOL_SERVER);
        Files.writeString(folder.resolve("SOUL.md"), "You are kind.");
        hub = HubProcess.start(folder, """
            hub: { data-dir: ./data }
            server: { port: 0 }
            plugins: { dir: ./plugins-installed }
            agents:
            %schannels:
              telegram:
                accounts:
                  default: { token: "42:token", api-url: "%s", dm-policy: open }
            """.formatted(String.join("\n", agents).indent(2), telegram.url()));
    }

    /**
     * An answer as a WebSocket saw it.
     *
     * @param pieces in order
     * @param text what the event at its end said was the whole
     */
    record Streamed(List<String> pieces, String text) {}

    /** Says something to an agent over a WebSocket and waits for the end of the answer. */
    Streamed stream(String agent, String text) throws Exception {
        var events = new LinkedBlockingQueue<JsonNode>();
        WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("patchbay.v1", "bearer." + hub.token())
                .buildAsync(URI.create(hub.url().replace("http:", "ws:") + "/ws"), new Listening(events))
                .get(60, TimeUnit.SECONDS);
        try {
            Map<String, String> params = Map.of("text", text, "agent_id", agent);
            String call = Json.write(Map.of("jsonrpc", "2.0", "id", 1, "method", "chat.send_stream", "params", params));
            socket.sendText(call, true).get(10, TimeUnit.SECONDS);
            var pieces = new ArrayList<String>();
            while (true) {
                JsonNode event = events.poll(SOON.toSeconds(), TimeUnit.SECONDS);
                assertThat(event).as("an event after %s", pieces).isNotNull();
                JsonNode told = event.path("params");
                switch (told.path("type").asText()) {
                    case "chat.delta" -> pieces.add(told.path("delta").asText());
                    case "chat.end" -> {
                        return new Streamed(pieces, told.path("text").asText());
                    }
                    case "chat.error" -> throw new AssertionError("after " + pieces + ": " + told);
                    default -> {}
                }
            }
        } finally {
            socket.abort();
        }
    }

    /** Says something to an agent; the result, with the whole answer. */
    JsonNode ask(String agent, String text) throws Exception {
        return hub.rpc().call("chat.send", "agent_id", agent, "text", text);
    }

    /** What the transcript of the agent's own session holds as its answers, oldest first. */
    List<String> answers(String agent) throws Exception {
        var said = new ArrayList<String>();
        String session = "agent:" + agent + ":main";
        for (JsonNode known : hub.rpc().all("sessions.list", "sessions")) {
            if (known.path("session_key").asText().equals(session)) {
                JsonNode history = hub.rpc().call("chat.history", "session_key", session, "limit", 500);
                for (JsonNode line : history.path("messages")) {
                    if (line.path("role").asText().equals("assistant")) {
                        said.add(line.path("content").asText());
                    }
                }
            }
        }
        return said;
    }

    /** A direct chat with the hub's bot, of somebody who has said nothing yet. */
    FakeChat chat(long person) {
        return bot.direct(person);
    }

    /** Waits until a chat shows the whole as its one message, which has grown by edits. */
    static void awaitGrown(FakeChat chat) throws InterruptedException {
        chat.awaitSeen(1, SOON);
        assertThat(chat.await(() -> chat.texts().equals(List.of(WHOLE)), SOON)).isTrue();
        assertThat(chat.seen().getFirst().edits()).isNotEmpty().allSatisfy(edit -> assertThat(WHOLE)
                .startsWith(edit.before()));
    }

    @Override
    public void close() {
        hub.close();
        telegram.close();
        client.close();
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
