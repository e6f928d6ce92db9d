package dev.patchbay.plugin.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.http.Response;
import dev.patchbay.fakes.model.Answer;
import dev.patchbay.fakes.model.Answer.End;
import dev.patchbay.fakes.model.Asked;
import dev.patchbay.fakes.model.Dialect;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a model's answer, whoever it is that answers. */
@Timeout(30)
class AnswersTest {
    @RegisterExtension
    final ModelLab lab = new ModelLab();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void everyWordIsShownAsItComesAndTheyAddUpToTheReply(Dialect dialect) throws Exception {
        // Given
        lab.with("provider", dialect.name().toLowerCase(java.util.Locale.ROOT)).with("api-key", "k1");
        lab.model.say(Answer.text("All is well here"));

        // When
        Reply reply = lab.ask("How are you?");

        // Then
        assertThat(lab.shown).containsExactly("All", " is", " well", " here");
        assertThat(ModelLab.text(reply)).isEqualTo("All is well here");
        assertThat(reply.inputTokens()).isEqualTo(11);
        assertThat(reply.outputTokens()).isEqualTo(4);
        Asked asked = lab.model.asked().getFirst();
        assertThat(asked.dialect()).isEqualTo(dialect);
        assertThat(asked.key()).isEqualTo("k1");
        assertThat(asked.model()).isEqualTo("big");
        assertThat(asked.lastUser()).isEqualTo("How are you?");
    }

    @Test
    void theRequestIsWhatAnyCompatibleServerExpects() throws Exception {
        // Given
        lab.with("system", "You are kind.").with("temperature", 0.5).with("max-tokens", 77);
        lab.past("user", "Hi");
        lab.past("assistant", "Hello");

        // When
        lab.ask("How are you?");

        // Then
        Asked asked = lab.model.asked().getFirst();
        assertThat(asked.request().path()).isEqualTo("/v1/chat/completions");
        assertThat(asked.key()).isEmpty();
        assertThat(asked.body().path("stream").asBoolean()).isTrue();
        assertThat(asked.body().path("stream_options").path("include_usage").asBoolean())
                .isTrue();
        assertThat(asked.body().path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(asked.body().path("max_tokens").asInt()).isEqualTo(77);
        assertThat(asked.messages())
                .containsExactly("system: You are kind.", "user: Hi", "assistant: Hello", "user: How are you?");
    }

    @Test
    void theSystemFileIsReadAtEveryTurn() throws Exception {
        // Given
        Path soul = Files.writeString(folder.resolve("SOUL.md"), "You are kind.\n");
        lab.with("system-file", soul.toString());
        lab.ask("One");
        Files.writeString(soul, "You are strict.");

        // When
        lab.ask("Two");

        // Then
        assertThat(lab.model.asked()).extracting(Asked::system).containsExactly("You are kind.", "You are strict.");
    }

    @ParameterizedTest
    @EnumSource(
            value = End.class,
            names = {"CUT", "RESET", "GARBAGE"})
    void halfAnAnswerIsAFailureAndNeverAskedForAgainOnceShown(End end) {
        // Given
        lab.with("fallback-models", List.of("small"));
        lab.model.say(Answer.text("Only half of").then(end));

        // When
        assertThatThrownBy(() -> lab.ask("Go")).isInstanceOf(AgentFailed.class);

        // Then
        assertThat(lab.model.asked()).hasSize(1);
        assertThat(String.join("", lab.shown)).isEqualTo("Only half of");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aStreamThatEndsWithoutItsLastEventIsAFailure(Dialect dialect) {
        // Given
        lab.with("provider", dialect.name().toLowerCase(java.util.Locale.ROOT));
        lab.model.say(Answer.text("Only half of").then(End.CUT));

        // Then
        assertThatThrownBy(() -> lab.ask("Go"))
                .isInstanceOf(AgentFailed.class)
                .hasMessageContaining("breaks off before its end");
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() {
        // Given
        lab.model.say(Answer.text("And").then(End.FLOOD));

        // Then
        assertThatThrownBy(() -> lab.ask("Go")).hasMessageContaining("longer than 16 MB");
    }

    @Test
    void anInterruptEndsTheTurnAtOnceAndClosesTheStream() throws Exception {
        // Given
        lab.model.say(Answer.text("Wait").then(End.HANG));
        var thrown = new AtomicReference<Throwable>();
        var begun = new CountDownLatch(1);
        Thread turn = Thread.startVirtualThread(() -> {
            try {
                lab.agent().reply(lab.turn("Go"), piece -> begun.countDown());
            } catch (Throwable any) {
                thrown.set(any);
            }
        });
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        // When
        turn.interrupt();

        // Then
        assertThat(turn.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void anInterruptEndsATurnWhoseServerSaysNothingAtAll() throws Exception {
        // Given
        var arrived = new CountDownLatch(1);
        lab.model.watch(asked -> arrived.countDown());
        lab.model.faults().next(1, request -> true, Fault.hang());
        var thrown = new AtomicReference<Throwable>();
        Thread turn = Thread.startVirtualThread(() -> {
            try {
                lab.ask("Go");
            } catch (Throwable any) {
                thrown.set(any);
            }
        });
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

        // When
        turn.interrupt();

        // Then
        assertThat(turn.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void whenNobodyTakesTheAnswerAnyMoreItsStreamIsClosed() {
        // Given
        lab.model.say(Answer.text("And").then(End.FLOOD));

        // Then
        assertThatThrownBy(() -> lab.agent().reply(lab.turn("Go"), piece -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
    }

    @Test
    void tokensAreReckonedWhenTheServerDoesNotCountThem() throws Exception {
        // Given
        lab.model.say(Answer.text("x".repeat(400)).withoutUsage());

        // When
        Reply reply = lab.ask("y".repeat(800));

        // Then
        assertThat(reply.inputTokens()).isBetween(200L, 300L);
        assertThat(reply.outputTokens()).isEqualTo(100);
    }

    @Test
    void aServerThatDoesNotStreamIsUnderstoodToo() throws Exception {
        // Given
        lab.model.say(Answer.instead(Response.json(200, """
            {"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"All at once"},
            "finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3}}\
            """)));

        // When
        Reply reply = lab.ask("Go");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("All at once");
        assertThat(reply.inputTokens()).isEqualTo(5);
    }

    @Test
    void anEmptyAnswerIsSilence() throws Exception {
        // Given
        lab.model.say(Answer.text(" \n "));

        // Then
        assertThat(lab.ask("Go").messages()).isEmpty();
        assertThat(lab.shown).isEmpty();
    }

    @Test
    void aPictureIsShownToTheModelAndAnotherFileIsNamed() throws Exception {
        // Given
        lab.attach(lab.files.keep(new ByteArrayInputStream(new byte[] {1, 2, 3}), "image/png", "cat.png"));
        lab.attach(lab.files.keep(new ByteArrayInputStream(new byte[] {1}), "application/pdf", "bill.pdf"));

        // When
        lab.ask("What is this?");

        // Then
        Asked asked = lab.model.asked().getFirst();
        assertThat(asked.lastUser()).isEqualTo("What is this?\n[attachment: bill.pdf, application/pdf]");
        assertThat(asked.request().body().text()).contains("data:image/png;base64,AQID");
    }

    @Test
    void withoutItsKeyEveryTurnFailsAndNamesIt() {
        // Given
        lab.with("base-url", "https://api.openai.com/v1").with("api-key", "");

        // Then
        assertThatThrownBy(() -> lab.ask("Go"))
                .isInstanceOf(AgentFailed.class)
                .hasMessageContaining("agents.main.api-key is empty");
    }
}
