package dev.patchbay.plugin.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.fakes.model.Answer;
import dev.patchbay.fakes.model.Asked;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a long conversation the model gets to read. */
@Timeout(30)
class WindowTest {
    @RegisterExtension
    final ModelLab lab = new ModelLab();

    void longPast(int lines) {
        for (int i = 0; i < lines; i++) {
            lab.past(i % 2 == 0 ? "user" : "assistant", "line " + i + " " + "word ".repeat(40));
        }
    }

    static boolean isSummary(Asked asked) {
        return asked.system().startsWith("Summarise");
    }

    Answer answer(Asked asked) {
        return isSummary(asked) ? Answer.text("They spoke of words.") : Answer.text("Fine");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 4_000, 16_000})
    void noRequestIsEverLargerThanTheContext(int tokens) throws Exception {
        // Given
        lab.with("context-tokens", tokens).with("memory", true).with("system", "You are kind.");
        lab.model.otherwise(
                asked -> asked.tools().isEmpty() || !asked.lastToolResult().isEmpty()
                        ? answer(asked)
                        : Answer.call("memory_recall", "{\"query\":\"cat\"}"));
        longPast(400);

        // When
        lab.ask("And now? " + "word ".repeat(200));

        // Then
        assertThat(lab.model.asked()).hasSizeGreaterThan(2).allSatisfy(asked -> assertThat(
                        asked.body().toString().length() / 4)
                .isLessThanOrEqualTo(tokens));
    }

    @Test
    void olderLinesAreSummarisedOnceAndNotInEveryTurn() throws Exception {
        // Given
        lab.with("context-tokens", 2_000);
        lab.model.otherwise(this::answer);
        longPast(60);
        lab.ask("One");
        lab.past("user", "One");
        lab.past("assistant", "Fine");

        // When
        lab.ask("Two");

        // Then
        assertThat(lab.model.asked().stream().filter(WindowTest::isSummary)).hasSize(1);
        Asked last = lab.model.asked().getLast();
        assertThat(last.system()).contains("They spoke of words.");
        assertThat(last.messages().get(1)).startsWith("user: ");
        assertThat(last.messages())
                .contains("user: One", "assistant: Fine")
                .last()
                .isEqualTo("user: Two");
    }

    @Test
    void withoutASummaryOlderLinesAreLeftOutAndThatIsSaid() throws Exception {
        // Given
        lab.with("context-tokens", 2_000);
        lab.model.otherwise(asked -> isSummary(asked) ? Answer.status(500) : Answer.text("Fine"));
        longPast(60);

        // When
        lab.ask("One");

        // Then
        assertThat(lab.model.asked().getLast().system())
                .contains("Earlier messages of this conversation were left out");
        assertThat(lab.model.asked().stream().filter(WindowTest::isSummary)).hasSize(1);
    }

    @Test
    void aConversationThatBeganAnewHasNoSummary() throws Exception {
        // Given
        lab.with("context-tokens", 2_000);
        lab.model.otherwise(this::answer);
        longPast(60);
        lab.ask("One");
        lab.history.clear();

        // When
        lab.ask("Two");

        // Then
        assertThat(lab.model.asked().getLast().messages()).containsExactly("user: Two");
    }

    @Test
    void aToolCallNeverLeavesItsResult() throws Exception {
        // Given
        lab.with("context-tokens", 700).with("memory", true);
        lab.model.otherwise(asked -> lab.recalled.size() == 9
                ? Answer.text("Enough")
                : Answer.call("memory_recall", "{\"query\":\"" + "cat ".repeat(30) + "\"}"));

        // When
        lab.ask("Go");

        // Then
        assertThat(lab.model.asked()).allSatisfy(asked -> {
            assertThat(asked.body().toString().length() / 4).isLessThanOrEqualTo(700);
            assertThat(results(asked)).isEqualTo(calls(asked));
        });
        assertThat(calls(lab.model.asked().getLast())).isNotEmpty().hasSizeLessThan(9);
    }

    private static List<String> calls(Asked asked) {
        var ids = new ArrayList<String>();
        for (JsonNode message : asked.body().path("messages")) {
            message.path("tool_calls").forEach(call -> ids.add(call.path("id").asText()));
        }
        return ids;
    }

    private static List<String> results(Asked asked) {
        var ids = new ArrayList<String>();
        for (JsonNode message : asked.body().path("messages")) {
            if (message.path("role").asText().equals("tool")) {
                ids.add(message.path("tool_call_id").asText());
            }
        }
        return ids;
    }

    @Test
    void aMessageThatIsTooLongKeepsItsBeginningAndItsEnd() throws Exception {
        // Given
        lab.with("context-tokens", 1_000);

        // When
        lab.ask("Begin " + "词".repeat(5_000) + " end");

        // Then
        Asked asked = lab.model.asked().getFirst();
        assertThat(asked.lastUser())
                .startsWith("Begin 词")
                .contains("left out")
                .endsWith("词 end")
                .hasSizeLessThan(1_000);
    }

    @Test
    void aSystemPromptThatLeavesNoRoomIsAFailureThatSaysSo() {
        // Given
        lab.with("context-tokens", 500).with("system", "word ".repeat(1_000));

        // Then
        assertThatThrownBy(() -> lab.ask("Go")).hasMessageContaining("no room within context-tokens 500");
    }

    @Test
    void chineseCostsATokenACharacterAndLatinOneInFour() {
        assertThat(TokenEstimate.of("x".repeat(400))).isEqualTo(100);
        assertThat(TokenEstimate.of("词".repeat(400))).isEqualTo(400);
        assertThat(TokenEstimate.of("")).isZero();
    }
}
