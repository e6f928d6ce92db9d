package dev.patchbay.hub.agent.http;

import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.answer;
import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.json;
import static dev.patchbay.hub.agent.http.FakeAgentServer.Script.untilClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Attachment;
import dev.patchbay.api.Button;
import dev.patchbay.api.Reply;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.http.FakeAgentServer.Script;
import dev.patchbay.hub.attachment.AttachmentDesk;
import dev.patchbay.hub.attachment.AttachmentSettings;
import dev.patchbay.hub.attachment.TestFiles;
import dev.patchbay.hub.lane.World;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form an answer may have. */
@Timeout(60)
class HttpAgentAnswersContractTest {
    private static final String LINES = """
        {"delta":"Hello "}

        {"note":1}\r
        {"delta":"you"}
        {"done":true}
        {garbage\
        """;

    private static final String EVENTS = """
        \uFEFF: comment

        data: {"delta":"Hello "}

        event: message\r
        id: 7\r
        retry: 3\r
        data:{"delta":\r
        data: "you"}\r
        \r
        data

        data: [DONE]

        """;

    @RegisterExtension
    final FakeAgentServer server = new FakeAgentServer();

    @RegisterExtension
    final HttpAgentFixture agent = new HttpAgentFixture();

    static Stream<Arguments> textAnswers() {
        return Stream.of(
                Arguments.of("JSON", json("{\"text\":\"Hello you\",\"mood\":\"good\"}"), List.of("Hello you")),
                Arguments.of(
                        "JSON with a byte order mark", json("\uFEFF{\"text\":\"Hello you\"}"), List.of("Hello you")),
                Arguments.of(
                        "JSON, type in capitals and with a charset",
                        answer("200 OK", "Application/JSON; charset=\"UTF-8\"", "{\"text\":\"Hello you\"}"),
                        List.of("Hello you")),
                Arguments.of(
                        "JSON that ends with the connection",
                        untilClose("application/json", "{\"text\":\"Hello you\"}"),
                        List.of("Hello you")),
                Arguments.of(
                        "messages",
                        json("{\"messages\":[{\"text\":\"Hello\"},{\"text\":\"you\"}]}"),
                        List.of("Hello\n\nyou")),
                Arguments.of("lines", answer("200 OK", "application/x-ndjson", LINES), List.of("Hello ", "you")),
                Arguments.of(
                        "lines, the last without an end",
                        answer("200 OK", "application/x-ndjson", "{\"delta\":\"Hello you\",\"done\":true}"),
                        List.of("Hello you")),
                Arguments.of("events", answer("200 OK", "text/event-stream", EVENTS), List.of("Hello ", "you")),
                Arguments.of(
                        "events with CR alone",
                        answer("200 OK", "text/event-stream", "data: {\"delta\":\"Hello you\"}\r\rdata: [DONE]\r\r"),
                        List.of("Hello you")),
                Arguments.of("plain text", answer("200 OK", "text/plain", "Hello you"), List.of("Hello you")),
                Arguments.of(
                        "plain text in another charset",
                        answer(
                                "200 OK",
                                "text/plain; charset=ISO-8859-1",
                                "Grüße".getBytes(StandardCharsets.ISO_8859_1)),
                        List.of("Grüße")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("textAnswers")
    void anAnswerInAnyFormIsTheTextAndIsShownAsItCame(String name, Script script, List<String> pieces)
            throws Exception {
        // Given
        server.always(script);

        // When
        TurnResult result = agent.at(server).run("Hi");

        // Then
        assertThat(result).isInstanceOfSatisfying(TurnResult.Answered.class, answered -> assertThat(answered.text())
                .isEqualTo(String.join("", pieces)));
        assertThat(agent.shown).isEqualTo(pieces);
        assertThat(server.calls).hasSize(1);
    }

    static Stream<Arguments> silences() {
        return Stream.of(
                Arguments.of("204", (Script) wire -> wire.send("HTTP/1.1 204 No Content\r\n\r\n")),
                Arguments.of("silent", json("{\"silent\":true}")),
                Arguments.of("no messages", json("{\"messages\":[]}")),
                Arguments.of("an empty text", json("{\"text\":\"\"}")),
                Arguments.of("empty plain text", answer("200 OK", "text/plain", "")),
                Arguments.of("lines that only end", answer("200 OK", "application/x-ndjson", "{\"done\":true}\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("silences")
    void silenceIsNoFailure(String name, Script script) throws Exception {
        // Given
        server.always(script);

        // When, Then
        assertThat(agent.at(server).run("Hi")).isEqualTo(new TurnResult.Silent("main"));
        assertThat(agent.shown).isEmpty();
    }

    @Test
    void attachmentsAndTokensComeAlong() throws Exception {
        // Given
        server.always(json("{\"messages\":[{\"text\":\"A cat\",\"attachments\":[{\"url\":\"http://127.0.0.1/cat.png\","
            + "\"media_type\":\"image/png\",\"name\":\"cat.png\"}]},{\"attachments\":[{\"url\":\"http://127.0.0.1/\"}]}],"
            + "\"usage\":{\"input_tokens\":12,\"output_tokens\":3}}"));

        // When
        TurnResult result = agent.at(server).run("Hi");

        // Then
        var messages = List.of(
                new Reply.Message("A cat", List.of(new Attachment("http://127.0.0.1/cat.png", "image/png", "cat.png"))),
                new Reply.Message("", List.of(new Attachment("http://127.0.0.1/", null, null))));
        assertThat(result).isEqualTo(new TurnResult.Answered("main", new Reply(messages, 12, 3), "A cat"));
    }

    @Test
    void filesInAnAnswerAreKeptAndNamed(@TempDir Path folder) throws Exception {
        // Given
        AttachmentDesk files = TestFiles.in(folder);
        server.always(json("{\"text\":\"A cat\",\"attachments\":[{\"data\":\"Y2F0\",\"media_type\":\"image/png\","
                + "\"name\":\"../cat.png\"}]}"));

        // When
        TurnResult result = agent.keeping(files).at(server).run("Hi");

        // Then
        Attachment kept = onlyMessage(result).attachments().getFirst();
        assertThat(kept.url()).startsWith("attachment:");
        assertThat(kept.name()).isEqualTo("cat.png");
        try (var content = files.open(kept)) {
            assertThat(content.stream().readAllBytes()).asString().isEqualTo("cat");
        }
    }

    @Test
    void aLinkOfOursInAnAnswerIsTheStoredFileAgain(@TempDir Path folder) throws Exception {
        // Given
        AttachmentDesk files = TestFiles.in(folder);
        Attachment kept = files.keep(InputStream.nullInputStream(), "image/png", "cat.png");
        server.always(json("{\"messages\":[{\"attachments\":[{\"url\":\"" + files.link(kept) + "\"}]}]}"));

        // When
        TurnResult result = agent.keeping(files).at(server).run("Hi");

        // Then
        assertThat(onlyMessage(result).attachments()).containsExactly(kept);
    }

    @Test
    void buttonsComeAlong() throws Exception {
        // Given
        server.always(json("{\"messages\":[{\"text\":\"Ship it?\",\"buttons\":[{\"text\":\"Yes\",\"data\":\"/ship\"},"
                + "{\"text\":\"No\",\"data\":\"/wait\"}]}]}"));

        // When, Then
        assertThat(onlyMessage(agent.at(server).run("Hi")).buttons())
                .containsExactly(new Button("Yes", "/ship"), new Button("No", "/wait"));
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(
                        "[{\"text\":\"x\",\"buttons\":[{\"text\":\"a\",\"data\":\"b\"},{\"text\":\"" + "y".repeat(81)
                                + "\",\"data\":\"b\"}]}]",
                        "messages[0].buttons[1]"),
                Arguments.of(
                        "[{\"text\":\"x\"},{\"text\":\"x\",\"buttons\":[{\"text\":\"a\",\"data\":\"" + "ä".repeat(33)
                                + "\"}]}]",
                        "messages[1].buttons[0]"),
                Arguments.of("[{\"text\":\"x\",\"buttons\":[{\"text\":\"a\"}]}]", "messages[0].buttons[0].data"),
                Arguments.of(
                        "[{\"text\":\"x\",\"buttons\":["
                                + "{\"text\":\"a\",\"data\":\"b\"},".repeat(25)
                                + "{\"text\":\"a\",\"data\":\"b\"}]}]",
                        "messages[0].buttons are more than 25"),
                Arguments.of(
                        "[{\"text\":\"x\",\"attachments\":[{\"data\":\"%%%\"}]}]", "messages[0].attachments[0].data"),
                Arguments.of(
                        "[{\"text\":\"x\",\"attachments\":[{\"data\":\"Y2F0\",\"url\":\"http://a/\"}]}]",
                        "messages[0].attachments[0] has both"),
                Arguments.of("[{\"text\":\"x\",\"attachments\":[{}]}]", "messages[0].attachments[0].url"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatCannotBeUsedFailsTheTurnAndNamesThePlace(String messages, String place) throws Exception {
        // Given
        server.always(json("{\"messages\":" + messages + "}"));

        // When
        TurnResult result = agent.at(server).run("Hi");

        // Then
        assertThat(result).isInstanceOfSatisfying(TurnResult.Failed.class, failed -> assertThat(failed.reason())
                .contains(place));
    }

    @Test
    void aFileThatIsTooLargeFailsTheTurn(@TempDir Path folder) throws Exception {
        // Given
        AttachmentDesk small = TestFiles.in(
                AttachmentSettings.of(folder).withBytesMax(2),
                new World(Clock.systemUTC(), (when, action) -> {}, Runnable::run, RandomGenerator.getDefault()));
        server.always(json("{\"text\":\"x\",\"attachments\":[{\"data\":\"Y2F0\"}]}"));

        // When
        TurnResult result = agent.keeping(small).at(server).run("Hi");

        // Then
        assertThat(result).isInstanceOfSatisfying(TurnResult.Failed.class, failed -> assertThat(failed.reason())
                .contains("attachments[0]")
                .contains("larger than 2 bytes"));
    }

    private static Reply.Message onlyMessage(TurnResult result) {
        assertThat(result).isInstanceOf(TurnResult.Answered.class);
        return ((TurnResult.Answered) result).reply().messages().getFirst();
    }

    @Test
    void tokensOfAStreamMayComeWithItsLastLine() throws Exception {
        // Given
        server.always(answer(
                "200 OK",
                "application/x-ndjson",
                "{\"delta\":\"Hi\"}\n{\"done\":true,\"usage\":{\"input_tokens\":2,\"output_tokens\":1}}\n"));

        // When
        TurnResult result = agent.at(server).run("Hi");

        // Then
        assertThat(result).isInstanceOfSatisfying(TurnResult.Answered.class, answered -> assertThat(
                        answered.reply().inputTokens() + answered.reply().outputTokens())
                .isEqualTo(3));
    }

    @Test
    void piecesAreShownWhileTheServiceIsStillSpeaking() throws Exception {
        // Given
        server.always(wire -> {
            wire.chunked("text/event-stream");
            wire.chunk("data: {\"delta\":\"Hel");
            wire.chunk("lo \"}\n\n");
            agent.firstShown.await();
            wire.chunk("data: {\"delta\":\"you\"}\n\ndata: [DONE]\n\n");
            // The stream stays open: [DONE] is its end.
            wire.awaitHangUp();
        });

        // When
        TurnResult result = agent.at(server).run("Hi");

        // Then
        assertThat(agent.shown).containsExactly("Hello ", "you");
        assertThat(result).isInstanceOf(TurnResult.Answered.class);
    }
}
