package dev.patchbay.hub.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SilenceRuleTest {
    private static final SilenceRule RULE = new SilenceRule("HEARTBEAT_OK", 300);
    private static final String LONG = "The disk of the old machine is nearly full. ".repeat(10);

    /** The vectors take this one for silence, too; we promise that case matters. */
    private static final String OTHER_CASE = "heartbeat_ok";

    /** A text that another program made of an error. Here an error is no text, see the tests of heartbeats that fail. */
    private static final String ERROR_AS_TEXT = "[agent error: timeout]";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n ",
                "HEARTBEAT_OK",
                "**HEARTBEAT_OK**",
                "_HEARTBEAT_OK_",
                "`HEARTBEAT_OK`.",
                "```\nHEARTBEAT_OK\n```",
                "\"HEARTBEAT_OK\"!",
                "HEARTBEAT_OK 👍",
                "HEARTBEAT_OK HEARTBEAT_OK",
                "All good. HEARTBEAT_OK",
                "HEARTBEAT_OK Hi!",
                "HEARTBEAT_OK\n\nNothing to report."
            })
    void theWordAtAnEdgeWithLittleBesideItIsSilence(String answer) {
        assertThat(RULE.spoken(answer)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "heartbeat_ok",
                "HEARTBEAT_OKAY",
                "HEARTBEAT_OK_2",
                "NOT_HEARTBEAT_OK",
                "I say HEARTBEAT_OK when all is well, but it is not",
                "Call Anna",
                "…"
            })
    void whatOnlyLooksLikeTheWordIsText(String answer) {
        assertThat(RULE.spoken(answer)).contains(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "HEARTBEAT_OK %s ~ %s",
                "**HEARTBEAT_OK**: %s ~ %s",
                "%s HEARTBEAT_OK ~ %s",
                "%s (HEARTBEAT_OK) ~ %s",
                "HEARTBEAT_OK %s HEARTBEAT_OK. ~ %s",
                "HEARTBEAT_OK %s - one ~ %s - one"
            })
    void theWordAtAnEdgeOfMoreTextIsCutOff(String answer, String said) {
        assertThat(RULE.spoken(answer.formatted(LONG.strip()))).contains(said.formatted(LONG.strip()));
    }

    @Test
    void aListThatFollowsTheWordKeepsItsMarks() {
        assertThat(new SilenceRule("OK", 0).spoken("OK\n- the disk\n- the lamp"))
                .contains("- the disk\n- the lamp");
    }

    @Test
    void howMuchIsLittleCanBeSaid() {
        // Given
        var strict = new SilenceRule("OK", 3);

        // Then: counted in characters as people see them, not in halves
        assertThat(strict.spoken("OK abc")).isEmpty();
        assertThat(strict.spoken("OK abcd")).contains("abcd");
        assertThat(strict.spoken("OK 𝒶𝒷𝒸")).isEmpty();
    }

    @Test
    void theWordMayBeAnyMark() {
        // Given
        var rule = new SilenceRule("[-]", 5);

        // Then
        assertThat(rule.spoken("[-]")).isEmpty();
        assertThat(rule.spoken("[-] fine")).isEmpty();
        assertThat(rule.spoken("fine, but not [-] at an edge")).contains("fine, but not [-] at an edge");
    }

    @Test
    void aLongAnswerOfNothingButMarksAndWordsIsReadInNoTime() {
        // Given: what would take hours if each mark were looked at from each mark
        String marks = "*".repeat(2_000_000);

        // Then
        assertThat(RULE.spoken(marks)).contains(marks);
        assertThat(RULE.spoken("HEARTBEAT_OK ".repeat(200_000))).isPresent();
    }

    @Test
    void theVectorsHold() throws IOException {
        JsonNode vectors = new ObjectMapper()
                .readTree(Objects.requireNonNull(getClass().getResourceAsStream("/vectors/heartbeat.json")));
        for (JsonNode each : vectors.get("parse")) {
            String response = each.get("response").asText();
            if (!Set.of(OTHER_CASE, ERROR_AS_TEXT).contains(response)) {
                assertThat(RULE.spoken(response).isEmpty())
                        .as(response)
                        .isEqualTo(each.get("ours").asText().equals("silent"));
            }
        }
    }
}
