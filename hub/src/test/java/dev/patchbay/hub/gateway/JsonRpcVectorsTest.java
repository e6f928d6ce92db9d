package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The specification's examples and hostile inputs, over HTTP and over WebSocket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class JsonRpcVectorsTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final Pattern REPEAT = Pattern.compile("<(.+?)\\*(\\d+)( joined by ,)?>", Pattern.DOTALL);

    private final JsonNode vectors = vectors();
    private @Nullable TestGateway started;

    /** What came back; exactly one of text, status (other than 200 and 204) and close code tells. */
    @SuppressWarnings("ArrayRecordComponent")
    record Outcome(byte[] answer, int status, int closeCode) {}

    @BeforeAll
    void start() throws IOException {
        started = TestGateway.with(TestGateway.usual(), VectorMethods.all());
    }

    @AfterAll
    void stop() {
        gateway().close();
    }

    Stream<Arguments> cases() {
        return both(vectors.get("cases"));
    }

    Stream<Arguments> hostile() {
        return both(vectors.get("hostile"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void theSpecificationIsKept(String transport, String id, JsonNode vector) throws Exception {
        // When
        Outcome outcome = exchange(transport, bytes(vector));

        // Then
        if (vector.get("response").isNull()) {
            assertThat(outcome.answer()).isEmpty();
            assertThat(outcome.status()).isEqualTo(204);
        } else {
            JsonNode expected =
                    withoutFreeText(JSON.readTree(vector.get("response").asText()));
            JsonNode actual = withoutFreeText(JSON.readTree(outcome.answer()));
            if (vector.path("batchOrder").asText().equals("any")) {
                assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
            } else {
                assertThat(actual).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("hostile")
    void hostileInputHasANamedEnd(String transport, String id, JsonNode vector) throws Exception {
        // When
        long started = System.nanoTime();
        Outcome outcome = exchange(transport, bytes(vector));
        long millis = (System.nanoTime() - started) / 1_000_000;

        // Then
        assertThat(vector.get("accept"))
                .as("answer %s, status %s, close %s", shown(outcome), outcome.status(), outcome.closeCode())
                .anyMatch(acceptable -> matches(acceptable, outcome));
        assertThat(outcome.answer().length)
                .isLessThanOrEqualTo(vector.path("maxResponseBytes").asInt(65_536));
        // What a vector allows is for a machine of one's own.
        assertThat(millis).isLessThan(vector.path("maxMillis").asLong(10_000) + 10_000);
    }

    private static boolean matches(JsonNode acceptable, Outcome outcome) {
        if (acceptable.has("close")) {
            return outcome.closeCode() == acceptable.get("close").asInt();
        }
        if (acceptable.has("closed")) {
            return Stream.of(outcome.status(), outcome.closeCode())
                    .anyMatch(code -> stream(acceptable.get("statuses")).anyMatch(each -> each.asInt() == code));
        }
        if (outcome.answer().length == 0 || !isUtf8(outcome.answer())) {
            return false;
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(outcome.answer());
        } catch (IOException noJson) {
            return false;
        }
        if (acceptable.has("responseValidUtf8")) {
            return true;
        }
        if (acceptable.has("batch")) {
            return answer.isArray()
                    && answer.size() == acceptable.get("batch").size()
                    && stream(acceptable.get("batch"))
                            .allMatch(each -> stream(answer).anyMatch(one -> matchesOne(each, one, outcome)));
        }
        if (acceptable.has("batchLength")) {
            return answer.size() == acceptable.get("batchLength").asInt();
        }
        return matchesOne(acceptable, answer, outcome);
    }

    private static boolean matchesOne(JsonNode acceptable, JsonNode answer, Outcome outcome) {
        if (acceptable.has("idText")) {
            String text = new String(outcome.answer(), StandardCharsets.UTF_8);
            return Stream.of(acceptable.get("idText").asText().split("\\|"))
                    .anyMatch(id -> text.contains("\"id\":" + id + "}"));
        }
        if (!Objects.equals(acceptable.get("id"), answer.get("id"))) {
            return false;
        }
        if (acceptable.has("echoValidUtf8")) {
            return true;
        }
        return acceptable.has("error")
                ? answer.path("error").path("code").asInt()
                        == acceptable.get("error").asInt()
                : Objects.equals(answer.get("result"), acceptable.get("result"));
    }

    private Outcome exchange(String transport, byte[] request) throws Exception {
        return transport.equals("http") ? overHttp(request) : overWebSocket(request);
    }

    private Outcome overHttp(byte[] request) throws Exception {
        HttpResponse<byte[]> response = gateway()
                .client
                .send(
                        TestGateway.authorised(gateway().request("/rpc"), TestGateway.ADMIN)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return new Outcome(response.body(), response.statusCode(), 0);
    }

    private Outcome overWebSocket(byte[] request) throws Exception {
        try (RawWebSocket socket = gateway().socket()) {
            socket.frame(0x81, request);
            // Answered after it, so that no answer can be told from a late one.
            socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"get_null\",\"id\":\"marker\"}");
            RawWebSocket.Frame frame = socket.read();
            if (frame.kind() != 1) {
                return new Outcome(new byte[0], 0, frame.closeCode());
            }
            if (!frame.text().contains("\"marker\"")) {
                return new Outcome(frame.payload(), 200, 0);
            }
            // Requests run side by side: the marker may come first, so one more round trip settles it.
            socket.text("{\"jsonrpc\":\"2.0\",\"method\":\"get_null\",\"id\":\"second\"}");
            RawWebSocket.Frame next = socket.read();
            return next.text().contains("\"second\"")
                    ? new Outcome(new byte[0], 204, 0)
                    : new Outcome(next.payload(), 200, next.closeCode());
        }
    }

    private TestGateway gateway() {
        return Objects.requireNonNull(started);
    }

    private static Stream<Arguments> both(JsonNode list) {
        return Stream.of("http", "ws").flatMap(transport -> stream(list)
                .map(vector -> Arguments.of(transport, vector.get("id").asText(), vector)));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        List<JsonNode> all = new ArrayList<>();
        list.forEach(all::add);
        return all.stream();
    }

    private static byte[] bytes(JsonNode vector) {
        if (vector.has("requestBase64")) {
            return Base64.getDecoder().decode(vector.get("requestBase64").asText());
        }
        String text = vector.has("request")
                ? vector.get("request").asText()
                : generated(vector.get("generate").asText());
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String generated(String pattern) {
        Matcher matcher = REPEAT.matcher(pattern);
        var text = new StringBuilder();
        int at = 0;
        while (matcher.find()) {
            text.append(pattern, at, matcher.start());
            int times = Integer.parseInt(matcher.group(2));
            text.append(
                    matcher.group(3) == null
                            ? matcher.group(1).repeat(times)
                            : String.join(",", Collections.nCopies(times, matcher.group(1))));
            at = matcher.end();
        }
        return text.append(pattern.substring(at)).toString();
    }

    /** Messages are free but for their codes, and so is data. */
    private static JsonNode withoutFreeText(JsonNode answer) {
        answer.findParents("code").forEach(error -> ((ObjectNode) error).retain("code"));
        return answer;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException broken) {
            return false;
        }
    }

    private static String shown(Outcome outcome) {
        String text = new String(outcome.answer(), StandardCharsets.UTF_8);
        return text.substring(0, Math.min(200, text.length()));
    }

    private static JsonNode vectors() {
        try (InputStream in = JsonRpcVectorsTest.class.getResourceAsStream("/vectors/jsonrpc.json")) {
            JSON.getFactory()
                    .setStreamReadConstraints(StreamReadConstraints.builder().build());
            return JSON.readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
