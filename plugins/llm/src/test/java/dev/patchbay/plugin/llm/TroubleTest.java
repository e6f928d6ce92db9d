package dev.patchbay.plugin.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.api.AgentFailed;
import dev.patchbay.api.Reply;
import dev.patchbay.fakes.http.Fault;
import dev.patchbay.fakes.model.Answer;
import dev.patchbay.fakes.model.Asked;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is asked again, how often, and after which wait. */
@Timeout(30)
class TroubleTest {
    static final Answer FINE = Answer.text("Fine");

    @RegisterExtension
    final ModelLab lab = new ModelLab();

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429})
    void theNextKeyIsTriedAtOnceAndStaysForTheNextTurn(int status) throws Exception {
        // Given
        lab.with("api-keys", List.of("k1", "k2"));
        lab.model.say(Answer.status(status), FINE, FINE);

        // When
        lab.ask("One");
        lab.ask("Two");

        // Then
        assertThat(lab.model.asked()).extracting(Asked::key).containsExactly("k1", "k2", "k2");
        assertThat(lab.waits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aWaitThatTheServerNamesIsObeyed(int status) throws Exception {
        // Given
        lab.model.say(Answer.status(status, "7"), FINE);

        // When
        Reply reply = lab.ask("Go");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("Fine");
        assertThat(lab.waits).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void allKeysAreTriedBeforeTheShortestWait() throws Exception {
        // Given
        lab.with("api-keys", List.of("k1", "k2"));
        lab.model.say(Answer.status(429, "9"), Answer.status(429, "5"), FINE);

        // When
        lab.ask("Go");

        // Then
        assertThat(lab.waits).containsExactly(Duration.ofSeconds(5));
        assertThat(lab.model.asked()).hasSize(3);
    }

    @Test
    void aWaitThatDoesNotFitIntoTheTimeoutIsNotBegun() throws Exception {
        // Given
        lab.timeout = Duration.ofSeconds(5);
        lab.with("fallback-models", List.of("small"));
        lab.model.say(Answer.status(429, "60"), FINE);

        // When
        lab.ask("Go");

        // Then
        assertThat(lab.waits).isEmpty();
        assertThat(lab.model.asked()).extracting(Asked::model).containsExactly("big", "small");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 529})
    void aServerErrorIsRepeatedTwiceAfterHalfASecondAndASecond(int status) throws Exception {
        // Given
        lab.model.say(Answer.status(status), Answer.status(status), FINE);

        // When
        Reply reply = lab.ask("Go");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("Fine");
        assertThat(lab.waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void aResetBeforeTheFirstWordIsRepeated() throws Exception {
        // Given
        lab.model.faults().next(1, request -> true, Fault.resetBefore());
        lab.model.say(Answer.text("").then(Answer.End.RESET), FINE);

        // When
        Reply reply = lab.ask("Go");

        // Then
        assertThat(ModelLab.text(reply)).isEqualTo("Fine");
        assertThat(lab.model.asked()).hasSize(3);
        assertThat(lab.waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void whatIsOurFaultIsNotRepeated(int status) {
        // Given
        lab.model.say(Answer.status(status), FINE);

        // Then
        assertThatThrownBy(() -> lab.ask("Go"))
                .isInstanceOf(AgentFailed.class)
                .hasMessage("the model's server says " + status + ": status " + status + " on purpose");
        assertThat(lab.model.asked()).hasSize(1);
    }

    @Test
    void aLimitWithoutAWaitIsNotRepeated() {
        // Given
        lab.model.say(Answer.status(429), FINE);

        // Then
        assertThatThrownBy(() -> lab.ask("Go")).hasMessageContaining("429");
        assertThat(lab.model.asked()).hasSize(1);
    }

    @Test
    void theNextModelIsAskedAfterTheRepeatsAndTheReasonNamesAll() {
        // Given
        lab.with("fallback-models", List.of("small"));
        lab.model.otherwise(asked -> Answer.status(500));

        // When
        assertThatThrownBy(() -> lab.ask("Go"))
                .isInstanceOf(AgentFailed.class)
                .hasMessageContaining("big: the model's server says 500")
                .hasMessageContaining("small: the model's server says 500");

        // Then
        assertThat(lab.model.asked())
                .extracting(Asked::model)
                .containsExactly("big", "big", "big", "small", "small", "small");
    }

    @Test
    void aServerThatPutsUsOffForEverIsGivenUp() {
        // Given
        lab.timeout = Duration.ofDays(1);
        lab.model.otherwise(asked -> Answer.status(429, "0"));

        // Then
        assertThatThrownBy(() -> lab.ask("Go")).hasMessageContaining("429");
        assertThat(lab.waits).hasSize(10);
    }

    @Test
    void whatFailedAttemptsHaveCostIsCounted() throws Exception {
        // Given
        lab.model.say(Answer.text("").then(Answer.End.CUT), FINE);

        // When
        Reply reply = lab.ask("x".repeat(400));

        // Then
        assertThat(reply.inputTokens()).isGreaterThan(111);
    }

    @Test
    void whatAFailedTurnHasCostIsSaidToo() {
        // Given
        lab.model.say(Answer.text("only half").then(Answer.End.CUT));

        // Then
        assertThatThrownBy(() -> lab.ask("x".repeat(400))).isInstanceOfSatisfying(AgentFailed.class, failed -> {
            assertThat(failed.inputTokens()).isGreaterThan(100);
            assertThat(failed.outputTokens()).isPositive();
        });
    }
}
