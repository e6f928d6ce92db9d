package dev.patchbay.e2e;

import static dev.patchbay.e2e.ModelHub.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.model.Answer;
import dev.patchbay.fakes.model.Answer.End;
import dev.patchbay.fakes.model.FakeModel;
import dev.patchbay.fakes.telegram.FakeChat;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A language model as the agent of the built hub: what people see of its words and of its trouble. */
class LlmScenario {
    @TempDir
    Path folder;

    private final FakeModel model = FakeModel.start(0);

    private ModelHub hub;

    @BeforeEach
    void begin() throws Exception {
        hub = new ModelHub(folder, """
            main:
              type: llm
              provider: openai
              base-url: "%s"
              api-key: secret-key-1
              model: big
              fallback-models: [small]
              system-file: SOUL.md
              timeout: 20s
              %s
            """.formatted(model.url(), ModelHub.TOOLS));
    }

    @AfterEach
    void stop() {
        hub.close();
        model.close();
    }

    @Test
    void everyWordReachesAWebSocketAsItComes() throws Exception {
        // Given
        model.say(Answer.text(WHOLE).slowly(Duration.ofMillis(50)));

        // When
        ModelHub.Streamed answer = hub.stream("main", "tell me");

        // Then
        assertThat(answer.pieces()).hasSize(12);
        assertThat(String.join("", answer.pieces())).isEqualTo(answer.text()).isEqualTo(WHOLE);
        assertThat(model.asked().getFirst().system()).isEqualTo("You are kind.");
    }

    @Test
    void aTelegramChatSeesTheAnswerGrow() throws Exception {
        // Given
        model.say(Answer.text(WHOLE).slowly(Duration.ofMillis(300)));

        // When
        FakeChat chat = hub.chat(7);
        chat.userSays("tell me");

        // Then
        ModelHub.awaitGrown(chat);
    }

    @Test
    void troubleThatPassesIsNotNoticedAndTroubleThatStaysIsAFailure() throws Exception {
        // Then
        model.say(Answer.status(429, "1"), Answer.text("after a wait"));
        assertThat(text(hub.ask("main", "one"))).isEqualTo("after a wait");

        model.say(Answer.status(500), Answer.status(500), Answer.text("after repeats"));
        assertThat(text(hub.ask("main", "two"))).isEqualTo("after repeats");

        model.say(Answer.status(404), Answer.text("by another model"));
        assertThat(text(hub.ask("main", "three"))).isEqualTo("by another model");
        assertThat(model.asked().getLast().model()).isEqualTo("small");

        model.say(Answer.text("only half of").then(End.CUT));
        assertThatThrownBy(() -> hub.ask("main", "four"))
                .isInstanceOfSatisfying(
                        Rpc.RpcError.class, error -> assertThat(error.code).isEqualTo(-32008))
                .hasMessageNotContaining("secret-key-1");

        model.say(Answer.text("slow").then(End.HANG));
        assertThatThrownBy(() -> hub.ask("main", "five"))
                .isInstanceOfSatisfying(
                        Rpc.RpcError.class, error -> assertThat(error.code).isEqualTo(-32009));

        assertThat(hub.answers("main")).containsExactly("after a wait", "after repeats", "by another model");
    }

    @Test
    void aToolOfAChildProcessIsCalledAndTokensAreCounted() throws Exception {
        // Given
        model.say(Answer.call("lab_shout", "{\"text\":\"hello\"}"), Answer.text("It shouted"));

        // When
        JsonNode answer = hub.ask("main", "shout");

        // Then
        assertThat(text(answer)).isEqualTo("It shouted");
        assertThat(answer.path("tokens_used").asInt()).isEqualTo(11 + 1 + 11 + 2);
        String result = model.asked().getLast().lastToolResult();
        assertThat(result).startsWith("HELLO ").contains("PATH").doesNotContain("PATCHBAY");
        assertThat(hub.hub.terminate()).isZero();
    }

    private static String text(JsonNode result) {
        return result.path("text").asText();
    }
}
