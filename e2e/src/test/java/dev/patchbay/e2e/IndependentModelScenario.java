package dev.patchbay.e2e;

import static dev.patchbay.e2e.ModelHub.PER_WORD;
import static dev.patchbay.e2e.ModelHub.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.e2e.MockModel.Answer;
import dev.patchbay.fakes.telegram.FakeChat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The built hub before a model server that we have not written. {@code main} talks to it as to OpenAI, {@code claude} as to Anthropic,
 * {@code local} as to Ollama. Needs node and npm, and a registry or npm's own cache.
 */
class IndependentModelScenario {
    @TempDir
    private static Path folder;

    private static MockModel model;
    private static ModelHub hub;

    /** For all tests: each has questions of its own. */
    @BeforeAll
    static void begin() throws Exception {
        model = MockModel.start(Files.createDirectory(folder.resolve("aimock")));
        hub = new ModelHub(
                folder,
                agent("main", "openai", model.url() + "/v1", "20s"),
                agent("claude", "anthropic", model.url(), "20s"),
                agent("local", "ollama", model.url(), "20s"),
                agent("hasty", "openai", model.url() + "/v1", "4s"));
    }

    @AfterAll
    static void stop() {
        if (hub != null) {
            hub.close();
        }
        if (model != null) {
            model.close();
        }
    }

    private static String agent(String id, String provider, String url, String timeout) {
        return """
            %s:
              type: llm
              provider: %s
              base-url: "%s"
              api-key: secret-key-1
              model: big
              system-file: SOUL.md
              timeout: %s
              %s
            """.formatted(id, provider, url, timeout, ModelHub.TOOLS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "claude", "local"})
    void everyWordReachesAWebSocketInOrderAndAsItComes(String agent) throws Exception {
        // Given
        String question = "words for " + agent;
        model.answer(question, Answer.text(WHOLE).inPieces(PER_WORD, Duration.ofMillis(60)));

        // When
        ModelHub.Streamed answer = hub.stream(agent, question);

        // Then
        assertThat(answer.pieces()).hasSize(12);
        assertThat(String.join("", answer.pieces())).isEqualTo(answer.text()).isEqualTo(WHOLE);
        assertThat(hub.answers(agent)).endsWith(WHOLE);
        assertThat(model.asked(question)).singleElement().satisfies(request -> assertThat(
                        request.path("body").toString())
                .contains("You are kind."));
    }

    @Test
    void aTelegramChatSeesTheAnswerGrowByEdits() throws Exception {
        // Given
        model.answer("tell Telegram", Answer.text(WHOLE).inPieces(PER_WORD, Duration.ofMillis(300)));

        // When
        FakeChat chat = hub.chat(7);
        chat.userSays("tell Telegram");

        // Then
        ModelHub.awaitGrown(chat);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "claude", "local"})
    void aLimitIsWaitedForAsLongAsTheServerSays(String agent) throws Exception {
        // Given
        String question = "limit for " + agent;
        model.answer(question, Answer.tooMany(2), Answer.text("after a wait"));

        // When
        JsonNode answer = hub.ask(agent, question);

        // Then
        assertThat(text(answer)).isEqualTo("after a wait");
        List<JsonNode> asked = model.asked(question);
        assertThat(asked).hasSize(2);
        assertThat(asked.getLast().path("timestamp").asLong()
                        - asked.getFirst().path("timestamp").asLong())
                .as("milliseconds between the requests")
                .isBetween(1_900L, 10_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "claude", "local"})
    void aServerErrorIsRepeatedTwiceAndThenAFailure(String agent) throws Exception {
        // Given
        String passing = "two errors for " + agent;
        String staying = "three errors for " + agent;
        model.answer(passing, Answer.status(500), Answer.status(500), Answer.text("after repeats"));
        model.answer(staying, Answer.status(500), Answer.status(500), Answer.status(500), Answer.text("too late"));

        // When
        JsonNode answer = hub.ask(agent, passing);
        assertFails(agent, staying, -32008);

        // Then
        assertThat(text(answer)).isEqualTo("after repeats");
        assertThat(model.asked(staying)).hasSize(3);
        assertThat(hub.answers(agent)).endsWith("after repeats");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "claude", "local"})
    void aStreamThatIsCutIsAFailureAndNeverHalfAnAnswer(String agent) throws Exception {
        // Given
        String question = "cut for " + agent;
        model.answer(
                question,
                Answer.text(WHOLE).inPieces(PER_WORD, Duration.ofMillis(30)).cutAfter(5));
        List<String> before = hub.answers(agent);

        // When
        assertFails(agent, question, -32008);

        // Then
        assertThat(model.asked(question))
                .as("not asked again once words were shown")
                .hasSize(1);
        assertThat(hub.answers(agent)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "claude"})
    void aStreamThatIsCutBeforeItsFirstWordIsAskedForAgain(String agent) throws Exception {
        // Given
        String question = "cut early for " + agent;
        model.answer(question, Answer.text(WHOLE).cutAfter(1), Answer.text("the second time"));

        // When
        JsonNode answer = hub.ask(agent, question);

        // Then
        assertThat(text(answer)).isEqualTo("the second time");
        assertThat(model.asked(question)).hasSize(2);
    }

    @Test
    void aCutLeavesATelegramChatWithoutHalfAnAnswer() throws Exception {
        // Given
        model.answer(
                "cut in Telegram",
                Answer.text(WHOLE).inPieces(PER_WORD, Duration.ofMillis(300)).cutAfter(10));

        // When
        FakeChat chat = hub.chat(8);
        chat.userSays("cut in Telegram");

        // Then
        chat.awaitSeen(1, ModelHub.SOON);
        assertThat(chat.await(() -> chat.texts().stream().noneMatch(each -> each.startsWith("word")), ModelHub.SOON))
                .as("what is left: %s", chat.texts())
                .isTrue();
    }

    @Test
    void aSlowStreamPassesAndASilentOneIsEndedByTheTimeout() throws Exception {
        // Given
        model.answer("slow", Answer.text(WHOLE).inPieces(PER_WORD, Duration.ofMillis(500)));
        model.answer(
                "silent", Answer.text(WHOLE).inPieces(PER_WORD, Duration.ZERO).silentAfter(4));

        // When
        JsonNode slow = hub.ask("main", "slow");
        long began = System.nanoTime();
        assertFails("hasty", "silent", -32009);

        // Then
        assertThat(text(slow)).isEqualTo(WHOLE);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(15));
        assertThat(hub.answers("hasty")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "claude", "local"})
    void aToolIsCalledInAChildProcessAndItsResultGoesBack(String agent) throws Exception {
        // Given
        String question = "shout for " + agent;
        model.answer(
                question, Answer.call("lab_shout", Map.of("text", "hello " + agent)), Answer.text("It has shouted"));

        // When
        JsonNode answer = hub.ask(agent, question);

        // Then
        assertThat(text(answer)).isEqualTo("It has shouted");
        assertThat(answer.path("tokens_used").asInt()).isPositive();
        List<JsonNode> asked = model.asked(question);
        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst().path("body").path("tools").toString()).contains("lab_shout");
        var results = new ArrayList<String>();
        asked.getLast().path("body").path("messages").forEach(message -> results.add(message.toString()));
        assertThat(results.getLast()).contains("HELLO " + agent.toUpperCase(Locale.ROOT));
    }

    private void assertFails(String agent, String question, int code) {
        assertThatThrownBy(() -> hub.ask(agent, question))
                .isInstanceOfSatisfying(
                        Rpc.RpcError.class, error -> assertThat(error.code).isEqualTo(code))
                .hasMessageNotContaining("secret-key-1");
    }

    private static String text(JsonNode result) {
        return result.path("text").asText();
    }
}
