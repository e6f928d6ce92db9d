package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.api.Reply;
import dev.patchbay.api.Turn;
import dev.patchbay.hub.agent.TurnResult;
import dev.patchbay.hub.agent.Turns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a program is told, and every form in which it may answer. */
@Timeout(120)
class ProcessAgentAnswersContractTest {
    @RegisterExtension
    final ProcessAgentFixture fixture = new ProcessAgentFixture();

    @TempDir
    Path folder;

    @Test
    void everyFormOfAnswerIsUnderstoodAndOneWorkerGivesThemAll() throws Exception {
        // Given
        fixture.troubled();

        // When
        TurnResult text = fixture.run("say Grüße");
        TurnResult streamed = fixture.run("stream");
        TurnResult messages = fixture.run("messages");
        TurnResult silent = fixture.run("silent");
        String reported = fixture.failure("report no idea");

        // Then
        assertThat(text).isEqualTo(new TurnResult.Answered("main", Reply.text("Grüße"), "Grüße"));
        assertThat(streamed)
                .isEqualTo(new TurnResult.Answered(
                        "main", new Reply(List.of(new Reply.Message("one two", List.of())), 3, 2), "one two"));
        assertThat(fixture.shown).containsExactly("Grüße", "one ", "two", "one\n\ntwo");
        assertThat(((TurnResult.Answered) messages).reply().messages()).hasSize(2);
        assertThat(silent).isEqualTo(new TurnResult.Silent("main"));
        assertThat(reported).isEqualTo("agent main: its program reported: no idea");
        assertThat(fixture.staff().members()).singleElement().satisfies(only -> assertThat(only.turns())
                .isEqualTo(5));
    }

    @Test
    void itsEnvironmentHoldsNothingOfTheHubs() throws Exception {
        // Given
        fixture.troubled().with("env", Map.of("GREETING", "ahoy")).with("dir", folder.toString());

        // When
        String names = fixture.answer("environment");
        String greeting = fixture.answer("variable GREETING");
        String where = fixture.answer("folder");

        // Then
        assertThat(List.of("GREETING", "HOME", "LANG", "PATH", "PWD", "TZ"))
                .containsAll(List.of(names.substring(1, names.length() - 1).split(", ")));
        assertThat(greeting).isEqualTo("ahoy");
        assertThat(Path.of(where)).isEqualTo(folder.toRealPath());
    }

    @Test
    void whatComesWithoutBeingAskedDisturbsNobody() throws Exception {
        // Given
        fixture.troubled();

        // When
        String first = fixture.answer("late");
        TurnResult second = fixture.run(new Turn(
                "m-2",
                "agent:main:main",
                "main",
                "api",
                "default",
                null,
                null,
                "say on with it",
                List.of(),
                Turn.History.EMPTY));

        // Then
        assertThat(first).isEqualTo("done");
        assertThat(second).isEqualTo(new TurnResult.Answered("main", Reply.text("on with it"), "on with it"));
    }

    @Test
    void aSlowTurnLivesOnHeartbeats() throws Exception {
        // Given
        Path ready = folder.resolve("ready");
        fixture.troubled(TroubledProgram.READY + ready).with("silence-limit", "2500ms");
        fixture.agents();
        ProcessAgentFixture.until(() -> Files.exists(ready));

        // When
        String answer = fixture.answer("beat");

        // Then
        assertThat(answer).isEqualTo("still here");
    }

    @Test
    void aTurnLargerThanThePipeArrivesWhole() throws Exception {
        // Given
        fixture.troubled();
        String much = "line " + "x".repeat(1_000_000);

        // When
        String length = fixture.answer(much);

        // Then
        assertThat(Integer.parseInt(length)).isGreaterThan(1_000_000);
    }

    @Test
    void workersAreStartedWhenTurnsWaitAndNoMoreThanAllowed() throws Exception {
        // Given
        fixture.troubled().with("workers", 3);
        fixture.answer("say hello");
        int atFirst = fixture.staff().members().size();
        var answered = new AtomicInteger();

        // When
        var callers = new Thread[6];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = Thread.startVirtualThread(() -> {
                try {
                    if (fixture.agents().run("main", Turns.turn("beat"), piece -> {}) instanceof TurnResult.Answered) {
                        answered.incrementAndGet();
                    }
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        for (Thread each : callers) {
            each.join(Duration.ofSeconds(60));
        }

        // Then
        assertThat(atFirst).isEqualTo(1);
        assertThat(answered).hasValue(6);
        assertThat(fixture.staff().members()).hasSize(3);
        assertThat(fixture.staff().members().stream()
                        .mapToInt(each -> each.turns())
                        .sum())
                .isEqualTo(7);
    }
}
