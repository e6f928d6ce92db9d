package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.Agent;
import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.api.Turn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1} as a program sees it that was written for OpenAI. */
@Timeout(60)
class OpenAiDoorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private final LinkedBlockingQueue<Turn> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private HubBehindDoors hub;

    @BeforeEach
    void open() throws Exception {
        Agent counts = (turn, sink) -> {
            seen.add(turn);
            return new Reply(Reply.text("seen " + turn.text()).messages(), 7, 3);
        };
        Agent breaksOff = (turn, sink) -> {
            sink.delta("half an ");
            throw new AgentFailed("out of paper");
        };
        Agent hangs = (turn, sink) -> {
            begun.countDown();
            try {
                released.await();
            } catch (InterruptedException stopped) {
                interrupted.countDown();
                throw stopped;
            }
            return Reply.text("late");
        };
        hub = new HubBehindDoors(folder, Map.of("counts", counts, "breaks-off", breaksOff, "hangs", hangs));
    }

    @AfterEach
    void close() {
        released.countDown();
        hub.close();
    }

    @Test
    void aCompletionWithAUserIsADurableTurnInTheUsersSession() throws Exception {
        // When
        JsonNode answer = completion("""
            {"model":"counts","user":"anna","messages":[{"role":"system","content":"be brief"},
            {"role":"user","content":"before"},{"role":"assistant","content":"yes"},{"role":"user","content":"now"}]}\
            """);

        // Then
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("seen now");
        assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}");
        Turn turn = seen.take();
        assertThat(turn.sessionKey()).isEqualTo("agent:counts:openai:direct:anna");
        assertThat(turn.sender()).isNotNull().satisfies(sender -> assertThat(sender.id())
                .isEqualTo("anna"));
        assertThat(answer.path("id").asText()).isEqualTo("chatcmpl-" + turn.messageId());
        JsonNode kept = hub.result("chat.history", "{\"session_key\":\"agent:counts:openai:direct:anna\"}");
        assertThat(kept.path("messages").findValuesAsText("content")).containsExactly("now", "seen now");
    }

    @Test
    void aCompletionWithoutAUserBringsItsHistoryAndKeepsNothing() throws Exception {
        // When
        JsonNode answer = completion("""
            {"model":"counts","messages":[{"role":"system","content":"be brief"},
            {"role":"user","content":[{"type":"text","text":"what"},{"type":"text","text":"now"}]},
            {"role":"assistant","content":"this"},{"role":"tool","content":"4","tool_call_id":"x"},
            {"role":"user","content":"and then"}],
            "temperature":0.2,"top_p":1,"max_tokens":10,"n":1,"tools":[],"seed":null,"something":{"new":true}}\
            """);

        // Then
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("seen and then");
        Turn turn = seen.take();
        assertThat(turn.history().latest(100))
                .extracting(line -> line.role() + ": " + line.content())
                .containsExactly("user: [system] be brief", "user: what\nnow", "assistant: this", "user: [tool] 4");
        assertThat(turn.history().latest(1)).hasSize(1);
        assertThat(turn.history().latest(0)).isEmpty();
        assertThat(hub.result("sessions.list", "{}").path("sessions")).isEmpty();
    }

    @Test
    void aStreamIsTheRoleThenPiecesThenTheEndThenUsageIfAskedFor() throws Exception {
        for (String user : List.of("", "\"user\":\"bob\",")) {
            // When
            List<String> events = stream("{\"model\":\"main\"," + user + "\"stream\":true,"
                    + "\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}");

            // Then
            assertThat(events.getLast()).isEqualTo("[DONE]");
            List<JsonNode> chunks = chunks(events.subList(0, events.size() - 1));
            assertThat(chunks).allSatisfy(chunk -> {
                assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
                assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
            });
            assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
            assertThat(text(chunks)).isEqualTo("one two three");
            assertThat(chunks).hasSizeGreaterThan(4);
            assertThat(chunks.get(chunks.size() - 2)
                            .at("/choices/0/finish_reason")
                            .asText())
                    .isEqualTo("stop");
            assertThat(chunks.getLast().path("choices")).isEmpty();
            assertThat(chunks.getLast().at("/usage/total_tokens").isNumber()).isTrue();
            assertThat(chunks.getFirst().path("usage").isNull()).isTrue();
        }
    }

    @Test
    void aFailureBeforeTheFirstPieceHasItsStatusALaterOneEndsTheStreamWithAnError() throws Exception {
        for (String user : List.of("", "\"user\":\"carl\",")) {
            String rest = user + "\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

            // When
            HttpResponse<String> refused = post("{\"model\":\"broken\"," + rest, TestGateway.CHAT);
            List<String> events = stream("{\"model\":\"breaks-off\"," + rest);

            // Then
            assertThat(refused.statusCode()).isEqualTo(502);
            assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
            assertThat(JSON.readTree(refused.body()).at("/error/code").asText()).isEqualTo("agent_failed");
            JsonNode last = JSON.readTree(events.getLast());
            assertThat(last.at("/error/message").asText()).contains("out of paper");
            assertThat(last.at("/error/code").asText()).isEqualTo("agent_failed");
            assertThat(events).doesNotContain("[DONE]");
        }
    }

    @Test
    void aRepeatUnderTheSameKeyGetsTheSameAnswerAndNoSecondTurn() throws Exception {
        // Given
        String body =
                "{\"model\":\"counts\",\"user\":\"dora\",\"messages\":[{\"role\":\"user\",\"content\":\"once\"}]}";
        String first = send(body, "key-1").body();

        // When
        HttpResponse<String> again = send(body, "key-1");
        HttpResponse<String> streamed = send(body.replace("{\"model\"", "{\"stream\":true,\"model\""), "key-1");
        HttpResponse<String> other = send(body.replace("once", "twice"), "key-1");

        // Then
        assertThat(JSON.readTree(again.body()).path("id"))
                .isEqualTo(JSON.readTree(first).path("id"));
        assertThat(JSON.readTree(again.body()).path("usage"))
                .isEqualTo(JSON.readTree(first).path("usage"));
        assertThat(streamed.body()).contains("seen once", "data: [DONE]");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aClientThatHangsUpEndsATurnOfWhichNothingIsKept() throws Exception {
        // Given
        Socket client = sendRaw("{\"model\":\"hangs\",\"messages\":[{\"role\":\"user\",\"content\":\"wait\"}]}");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        // When
        client.close();

        // Then
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatHangsUpLeavesATurnOfASessionToEnd() throws Exception {
        // Given
        Socket client = sendRaw(
                "{\"model\":\"hangs\",\"user\":\"eva\",\"messages\":[{\"role\":\"user\",\"content\":\"wait\"}]}");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        // When
        client.close();
        released.countDown();
        hub.result("chat.send", "{\"session_key\":\"agent:hangs:openai:direct:eva\",\"text\":\"and now\"}");

        // Then
        assertThat(hub.result("chat.history", "{\"session_key\":\"agent:hangs:openai:direct:eva\"}")
                        .path("messages")
                        .findValuesAsText("content"))
                .containsExactly("wait", "late", "and now", "late");
    }

    /** A test of the connection, not of the door: the look at a client that waits must not eat what it says. */
    @Test
    void whatComesWhileAnAnswerIsMadeIsTheNextRequest() throws Exception {
        // Given
        String body = "{\"model\":\"hangs\",\"messages\":[{\"role\":\"user\",\"content\":\"wait\"}]}";
        try (Socket client = sendRaw(body)) {
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            // When
            client.getOutputStream()
                    .write(("GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + "Authorization: Bearer "
                                    + TestGateway.READ + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            released.countDown();
            var both = new StringBuilder();
            while (!both.toString().endsWith("]}")) {
                both.append((char) client.getInputStream().read());
            }

            // Then
            assertThat(both.toString()).contains("\"late\"", "\"object\":\"list\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "{                                                        | 400 | invalid_json     | null",
                "[]                                                       | 400 | invalid_json     | null",
                "{\"messages\":[]}                                        | 400 | invalid_value    | model",
                "{\"model\":\"main\"}                                     | 400 | invalid_value    | messages",
                "{\"model\":\"main\",\"messages\":[]}                     | 400 | invalid_value    | messages",
                "{\"model\":\"main\",\"messages\":[{\"role\":\"user\",\"content\":\" \"}]} | 400 | invalid_value |"
                        + " messages",
                "{\"model\":\"main\",\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]} | 400 | invalid_value |"
                        + " messages[0].role",
                "{\"model\":\"main\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]} | 400 | invalid_value |"
                        + " messages",
                "{\"model\":\"main\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]} |"
                        + " 400 | invalid_value | messages[0].content[0].type",
                "{\"model\":\"main\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///etc/passwd\"}}]}]}"
                    + " | 400 | invalid_value | messages",
                "{\"model\":\"main\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 400 |"
                        + " invalid_value | n",
                "{\"model\":\"main\",\"user\":\" \",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 400 |"
                        + " invalid_value | user",
                "{\"model\":\"main\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 400 |"
                        + " invalid_value | stream",
                "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 404 | model_not_found |"
                        + " model",
                "{\"model\":\"broken\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | 502 | agent_failed |"
                        + " null"
            })
    void whatCannotBeAnsweredIsAnErrorInOpenAisShape(String body, int status, String code, String param)
            throws Exception {
        // When
        HttpResponse<String> response = post(body, TestGateway.CHAT);

        // Then
        JsonNode error = JSON.readTree(response.body()).path("error");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("param").asText(null)).isEqualTo(param);
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("type").asText()).isNotBlank();
    }

    @Test
    void moreMessagesThanTheBoundAreRefused() throws Exception {
        // Given
        String one = "{\"role\":\"user\",\"content\":\"x\"},";

        // When
        int atBound = post(
                        "{\"model\":\"main\",\"messages\":[" + one.repeat(1_999) + one.replaceFirst(",$", "") + "]}",
                        TestGateway.CHAT)
                .statusCode();
        int above = post(
                        "{\"model\":\"main\",\"messages\":[" + one.repeat(2_000) + one.replaceFirst(",$", "") + "]}",
                        TestGateway.CHAT)
                .statusCode();

        // Then
        assertThat(atBound).isEqualTo(200);
        assertThat(above).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/chat/completions,'',401,invalid_api_key",
        "POST,/v1/chat/completions,nonsense,401,invalid_api_key",
        "POST,/v1/chat/completions,read-secret,403,insufficient_permissions",
        "GET,/v1/models,chat-secret,403,insufficient_permissions",
        "GET,/v1/models,'',401,invalid_api_key",
        "GET,/v1/models/nobody,read-secret,404,model_not_found",
        "GET,/v1/embeddings,read-secret,404,unknown_url",
        "GET,/v1/chat/completions,chat-secret,405,method_not_allowed",
        "OPTIONS,/v1/chat/completions,chat-secret,405,method_not_allowed",
        "DELETE,/v1/models/main,read-secret,405,method_not_allowed",
    })
    void whoMayNotOrAsksForSomethingElseIsToldInOpenAisShape(
            String method, String path, String token, int status, String code) throws Exception {
        // When
        HttpResponse<String> response = hub.doors.send(TestGateway.authorised(hub.doors.request(path), token)
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{}" : "")));

        // Then
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).at("/error/code").asText()).isEqualTo(code);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void modelsAreTheAgents() throws Exception {
        // When
        JsonNode all =
                JSON.readTree(hub.doors.get("/v1/models", TestGateway.READ).body());
        JsonNode one =
                JSON.readTree(hub.doors.get("/v1/models/main", TestGateway.READ).body());

        // Then
        assertThat(all.path("data").findValuesAsText("id"))
                .containsExactlyInAnyOrder("main", "broken", "counts", "breaks-off", "hangs");
        assertThat(one.path("object").asText()).isEqualTo("model");
        assertThat(one.path("owned_by").asText()).isEqualTo("patchbay");
    }

    @Test
    void anImageComesAsAnAttachment() throws Exception {
        // When
        completion("""
            {"model":"counts","messages":[{"role":"user","content":[{"type":"text","text":"what is this"},
            {"type":"image_url","image_url":{"url":"https://example.org/cat.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}\
            """);

        // Then
        Turn turn = seen.take();
        assertThat(turn.attachments()).hasSize(2);
        assertThat(turn.attachments().getFirst().url()).isEqualTo("https://example.org/cat.png");
        assertThat(turn.attachments().getLast().url()).startsWith("attachment:");
    }

    private JsonNode completion(String body) throws Exception {
        HttpResponse<String> response = post(body, TestGateway.CHAT);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> post(String body, String token) throws IOException, InterruptedException {
        return hub.doors.send(TestGateway.authorised(hub.doors.request(CHAT), token)
                .header("x-stainless-lang", "js")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(String body, String key) throws IOException, InterruptedException {
        return hub.doors.send(TestGateway.authorised(hub.doors.request(CHAT), TestGateway.CHAT)
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private List<String> stream(String body) throws Exception {
        HttpResponse<String> response = post(body, TestGateway.CHAT);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
    }

    private static List<JsonNode> chunks(List<String> events) throws Exception {
        var chunks = new ArrayList<JsonNode>();
        for (String each : events) {
            chunks.add(JSON.readTree(each));
        }
        return chunks;
    }

    private static String text(List<JsonNode> chunks) {
        var text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
        return text.toString();
    }

    private Socket sendRaw(String body) throws IOException {
        var client = new Socket(InetAddress.getLoopbackAddress(), hub.doors.port());
        client.setSoTimeout(20_000);
        client.getOutputStream()
                .write(("POST " + CHAT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                + "Authorization: Bearer " + TestGateway.CHAT + "\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }
}
