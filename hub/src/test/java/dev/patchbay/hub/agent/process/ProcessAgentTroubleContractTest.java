package dev.patchbay.hub.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.agent.TurnResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that die, lie, flood and hang: each costs its turn, says why, and is replaced. */
@Timeout(120)
class ProcessAgentTroubleContractTest {
    @RegisterExtension
    final ProcessAgentFixture fixture = new ProcessAgentFixture();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        die 3         | ended with exit status 3
        die 0         | ended with exit status 0
        garbage       | answered what is no JSON
        no-utf8       | answered bytes that are no UTF-8
        deep          | answered what is no JSON
        long-line     | wrote a line of more than 10 MB
        other-id      | answered a message that it was not asked
        no-id         | answered without saying which message_id
        not-done      | gave a whole answer without "done": true
        number        | answered JSON whose delta is no text
        close-out     | closed its output
        """)
    void troubleFailsTheTurnWithItsReasonAndTheNextTurnHasAFreshWorker(String what, String reason) throws Exception {
        fixture.troubled().with("retries", 0);

        failsItsTurnAndIsReplaced(what, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"half-line", "hang", "spin"})
    void silenceFailsTheTurnAndTheNextTurnHasAFreshWorker(String what) throws Exception {
        // A worker is nice, and its first sign of life waits for the start of a JVM.
        fixture.troubled().with("retries", 0).with("silence-limit", "14s");

        failsItsTurnAndIsReplaced(what, "gave no sign of life for 14000 ms");
    }

    private void failsItsTurnAndIsReplaced(String what, String reason) throws Exception {
        // Given
        fixture.answer("say hello");
        long before = fixture.pid();

        // When
        String failure = fixture.failure(what);
        String next = fixture.answer("say again");

        // Then
        assertThat(failure).isEqualTo("agent main: its program " + reason);
        assertThat(next).isEqualTo("again");
        assertThat(fixture.pid()).isNotEqualTo(before);
        ProcessAgentFixture.until(() -> !ProcessAgentFixture.isAlive(before));
    }

    @Test
    void aTurnThatLostItsWorkerIsRunAgainOnAFreshOne() throws Exception {
        // Given
        fixture.troubled();

        // When
        String answer = fixture.answer("die-once " + folder.resolve("mark"));

        // Then
        assertThat(answer).isEqualTo("alive");
        assertThat(fixture.lost("crash")).isEqualTo(1);
        assertThat(fixture.staff().restarts()).isEqualTo(1);
    }

    @Test
    void aTurnIsTriedNoMoreOftenThanAllowed() throws Exception {
        // Given
        fixture.troubled();

        // When
        String failure = fixture.failure("die 7");

        // Then
        assertThat(failure).isEqualTo("agent main: its program ended with exit status 7; tried 2 times");
        assertThat(fixture.lost("crash")).isEqualTo(2);
    }

    @Test
    void whatWasShownIsNotBegunAgain() throws Exception {
        // Given
        fixture.troubled();

        // When
        String failure = fixture.failure("begin-and-die");

        // Then
        assertThat(failure)
                .isEqualTo("agent main: its program ended with exit status 3, after the beginning of its answer");
        assertThat(fixture.shown).containsExactly("I think that ");
        assertThat(fixture.lost("crash")).isEqualTo(1);
    }

    @Test
    void anAnswerThatContradictsItselfFailsItsTurnButNotItsWorker() throws Exception {
        // Given
        fixture.troubled();

        // When
        String failure = fixture.failure("two-forms");
        long before = fixture.pid();
        fixture.answer("say on");

        // Then
        assertThat(failure)
                .isEqualTo("agent main: its program answered JSON that must have one of text, messages and silent");
        assertThat(fixture.pid()).isEqualTo(before);
    }

    @Test
    void aTurnThatIsTooLateEndsItsWorker() throws Exception {
        // Given
        fixture.troubled().timeout(Duration.ofSeconds(10));
        fixture.answer("say hello");
        long before = fixture.pid();

        // When
        TurnResult.Failed late = (TurnResult.Failed) fixture.run("hang");

        // Then
        assertThat(late.kind()).isEqualTo(TurnResult.Failed.Kind.TIMED_OUT);
        ProcessAgentFixture.until(() -> !ProcessAgentFixture.isAlive(before));
        assertThat(fixture.lost("silence")).isEqualTo(1);
        assertThat(fixture.answer("say again")).isEqualTo("again");
    }

    @Test
    void aTurnThatIsStoppedEndsItsWorkerWhichIsNotToBlame() throws Exception {
        // Given
        fixture.troubled();
        fixture.answer("say hello");
        long before = fixture.pid();
        var turn = new FutureTask<>(() -> fixture.run("hang"));
        Thread running = Thread.ofVirtual().start(turn);
        ProcessAgentFixture.until(() -> fixture.staff().members().getFirst().isBusy());

        // When
        running.interrupt();

        // Then
        assertThatThrownBy(turn::get).hasCauseInstanceOf(InterruptedException.class);
        ProcessAgentFixture.until(() -> !ProcessAgentFixture.isAlive(before));
        assertThat(fixture.lost("given_up")).isEqualTo(1);
        assertThat(fixture.staff().restarts()).isZero();
        assertThat(fixture.answer("say again")).isEqualTo("again");
    }

    @Test
    void aProgramThatNeverReadsIsNotWaitedForLongerThanOneThatIsSilent() throws Exception {
        // Given
        fixture.shell("exec sleep 600").with("silence-limit", "500ms").with("retries", 0);

        // When
        String failure = fixture.failure("x".repeat(1_000_000));

        // Then
        assertThat(failure).isEqualTo("agent main: its program gave no sign of life for 500 ms");
    }

    @Test
    void aProgramThatClosesItsInputIsOfNoUse() throws Exception {
        // Given
        fixture.shell("exec 0<&-; exec sleep 600").with("retries", 0).with("silence-limit", "20s");
        fixture.agents();
        // Until it has come to that.
        ProcessAgentFixture.until(() ->
                Files.readString(Path.of("/proc/" + fixture.pid() + "/comm")).startsWith("sleep"));

        // When
        String failure = fixture.failure("hello");

        // Then
        assertThat(failure).isEqualTo("agent main: its program closed its input");
    }

    @Test
    void oneThatAnswersWithoutReadingIsNotAskedAgain() throws Exception {
        // Given
        fixture.shell("sleep 1; echo '{\"message_id\":\"m-1\",\"text\":\"whatever\",\"done\":true}'; exec sleep 600");

        // When
        String answer = fixture.answer("x".repeat(1_000_000));

        // Then
        assertThat(answer).isEqualTo("whatever");
        assertThat(fixture.lost("protocol")).isEqualTo(1);
    }

    @Test
    void aFloodOnItsErrorOutputIsDrainedAndMostOfItLeftOut() throws Exception {
        // Given
        fixture.troubled();

        // When
        String answer = fixture.answer("flood-err 32");

        // Then
        assertThat(answer).isEqualTo("enough");
    }

    @Test
    void aFloodThatNobodyAskedForEndsItsWorker() throws Exception {
        // Given
        fixture.troubled();

        // When
        String answer = fixture.answer("flood-out");

        // Then
        assertThat(answer).isEqualTo("and now");
        ProcessAgentFixture.until(() -> fixture.lost("protocol") == 1);
    }

    @Test
    void aProgramThatIsNotThereFailsThisAgentOnlyAndSaysSo() throws Exception {
        // Given
        fixture.with("command", List.of("no-such-program-here"));

        // When
        String failure = fixture.failure("hello");

        // Then
        assertThat(failure)
                .isEqualTo("agent main: could not be opened: command: there is no program no-such-program-here on the"
                        + " PATH; install it, or write its whole path");
        assertThat(fixture.agents().status().getFirst().trouble()).isPresent();
    }
}
