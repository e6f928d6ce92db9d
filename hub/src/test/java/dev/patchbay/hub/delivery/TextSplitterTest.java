package dev.patchbay.hub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patchbay.api.TextLimit;
import dev.patchbay.api.TextLimit.Unit;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TextSplitterTest {
    private static final int TEXTS = Integer.getInteger("patchbay.texts", 1_000);
    private static final long SEED = 20260304;
    private static final TextLimit DISCORD = new TextLimit(2_000, Unit.UTF16);

    @Test
    void everySharedExampleKeepsTheInvariants() throws Exception {
        JsonNode vectors;
        try (InputStream in = TextSplitterTest.class.getResourceAsStream("/vectors/chunking.json")) {
            vectors = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
        int cases = 0;
        for (JsonNode example : vectors.path("cases")) {
            // Given
            String id = example.path("id").asText();
            String text = text(example);
            Unit unit =
                    switch (example.path("unit").asText()) {
                        case "utf16" -> Unit.UTF16;
                        case "utf8" -> Unit.UTF8;
                        default -> Unit.CODE_POINTS;
                    };
            var limit = new TextLimit(example.path("limit").asInt(), unit);
            assertThat(PartsCheck.units(text, unit))
                    .as(id)
                    .isEqualTo(example.path("units").asInt());

            // When
            List<String> parts = TextSplitter.split(text, limit);

            // Then
            PartsCheck.check(id, text, limit, parts);
            assertThat(parts.size())
                    .as(id)
                    .isBetween(
                            example.at("/expected/minChunks").asInt(),
                            example.at("/expected/maxChunks").asInt());
            assertThat(TextSplitter.split(text, limit)).isEqualTo(parts);
            cases++;
        }
        assertThat(cases).isEqualTo(vectors.path("caseCount").asInt());
    }

    private static String text(JsonNode example) {
        if (example.has("text")) {
            return example.path("text").asText();
        }
        var text = new StringBuilder();
        for (JsonNode piece : example.path("textParts")) {
            String value = piece.asText();
            int star = value.lastIndexOf('*');
            boolean repeated = star >= 0 && value.substring(star + 1).matches("\\d+");
            text.append(
                    repeated ? value.substring(0, star).repeat(Integer.parseInt(value.substring(star + 1))) : value);
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void textsAtRandomKeepTheInvariants(Unit unit) {
        var random = new Random(SEED);
        List<String> pieces = List.of(
                "word",
                "a",
                "longer-words-with-dashes",
                " ",
                " ",
                "  ",
                "\n",
                "\n\n",
                "\t",
                ". ",
                "! ",
                "? ",
                "\n```python\n",
                "\n```\n",
                "\n```\n",
                "\n````md\n",
                "\n````\n",
                "\n~~~\n",
                "\n  ```js\n",
                "\n  ```\n",
                "e\u0301",
                "\u0301",
                "\ud83d\udc4d\ud83c\udffd",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
                "\ud83c\udde9\ud83c\uddea",
                "\u6c49\u5b57",
                "\u3002",
                "\uff0c",
                "\u3000",
                "\u00a0",
                "\r\n",
                "x".repeat(30),
                "\ud83e\udd8a",
                "\u0915\u094d\u0937",
                "`code`",
                "\u2764\ufe0f",
                "<",
                "&amp;",
                "\u0007");
        for (int round = 0; round < TEXTS; round++) {
            // Given
            var text = new StringBuilder();
            int count = random.nextInt(120);
            for (int i = 0; i < count; i++) {
                String piece = pieces.get(random.nextInt(pieces.size()));
                text.append(piece.repeat(random.nextInt(12) == 0 ? 1 + random.nextInt(40) : 1));
            }
            var limit = new TextLimit(40 + random.nextInt(160), unit);

            // When
            List<String> parts = TextSplitter.split(text.toString(), limit);

            // Then
            PartsCheck.check("seed " + SEED + ", round " + round, text.toString(), limit, parts);
        }
    }

    @ParameterizedTest
    @EnumSource(Unit.class)
    void hostileTextsEndAndStayWithinTheLimit(Unit unit) {
        var random = new Random(SEED);
        String alphabet = "`~ \n\r\t:a.\u0301\u200d\ud83d\ud83c\udffd\udc4d\u6c49\u3002\u00a0\u0085\u0000";
        for (int round = 0; round < 5 * TEXTS; round++) {
            var text = new StringBuilder();
            int length = random.nextInt(300);
            for (int i = 0; i < length; i++) {
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                text.append(Character.toString(c).repeat(random.nextInt(6) == 0 ? 1 + random.nextInt(20) : 1));
            }
            var limit = new TextLimit(16 + random.nextInt(20), unit);
            String label = "seed " + SEED + ", round " + round;

            List<String> parts = TextSplitter.split(text.toString(), limit);

            for (String part : parts) {
                assertThat(PartsCheck.units(part, unit)).as(label).isLessThanOrEqualTo(limit.max());
                assertThat(part.isBlank()).as(label).isFalse();
            }
        }
    }

    @Test
    void aBlankTextHasNoPartsAndAShortOneIsItsOwn() {
        assertThat(TextSplitter.split("", DISCORD)).isEmpty();
        assertThat(TextSplitter.split(" \n\u00a0\u3000\u0085", DISCORD)).isEmpty();
        assertThat(TextSplitter.split("  hi  ", DISCORD)).containsExactly("  hi  ");
        assertThat(TextSplitter.split("x".repeat(100_000), TextLimit.NONE)).hasSize(1);
    }

    @Test
    void aPartEndsWithAParagraphRatherThanALineRatherThanASentenceRatherThanAWord() {
        String word = "a".repeat(9) + " ";
        String lead = word.repeat(160);

        assertThat(first(lead + "p\n\nq\nr. s t " + word.repeat(100))).endsWith("p");
        assertThat(first(lead + "p q\nr. s t " + word.repeat(100))).endsWith("q");
        assertThat(first(lead + "p q r. s t " + word.repeat(100))).endsWith("r.");
        assertThat(first(lead + word.repeat(100))).hasSize(1_999);
        assertThat(first("\u6c49".repeat(1_700) + "\u3002" + "\u6c49".repeat(900)))
                .hasSize(1_701);
    }

    private static String first(String text) {
        return TextSplitter.split(text, DISCORD).getFirst();
    }

    @Test
    void aCutFenceIsClosedAndOpenedAgainWithItsFirstLine() {
        String code = "line of code\n".repeat(30);
        var limit = new TextLimit(200, Unit.UTF16);

        for (String marker : List.of("```", "````", "~~~", "~~~~~")) {
            List<String> parts =
                    TextSplitter.split("before\n" + marker + "python title\n" + code + marker + "\nafter", limit);

            assertThat(parts).hasSizeGreaterThan(2);
            assertThat(parts.getFirst())
                    .startsWith("before\n" + marker + "python title\n")
                    .endsWith("\n" + marker);
            assertThat(parts.get(1))
                    .startsWith(marker + "python title\nline of code")
                    .endsWith("code\n" + marker);
            assertThat(parts.getLast()).endsWith(marker + "\nafter");
        }
    }

    @Test
    void theIndentationOfCodeIsKeptBehindACut() {
        String code = "if x:\n    y = 1\n".repeat(30);

        List<String> parts = TextSplitter.split("```\n" + code + "```", new TextLimit(100, Unit.UTF16));

        assertThat(parts).hasSizeGreaterThan(3).allSatisfy(part -> assertThat(part)
                .matches("(?s)```\\n(if x:|    y = 1)\\n.*\\n```"));
    }

    @Test
    void aFenceThatTheTextNeverClosesIsClosedInEveryPart() {
        List<String> parts = TextSplitter.split("```\n" + "code line\n".repeat(40), new TextLimit(100, Unit.UTF16));

        assertThat(parts)
                .allSatisfy(part -> assertThat(part).startsWith("```\ncode").endsWith("\n```"));
    }

    @Test
    void noPartIsAnEmptyFence() {
        String text = "a".repeat(150) + "\n```js\n" + "\n".repeat(300) + "code\n" + "\n".repeat(300) + "```\nend";

        assertThat(TextSplitter.split(text, new TextLimit(160, Unit.UTF16)))
                .containsExactly("a".repeat(150), "```js\ncode\n```", "end");
    }

    @Test
    void aCharacterLongerThanTheLimitIsCutBetweenCodePoints() {
        String zalgo = "e" + "\u0301".repeat(500);

        List<String> parts = TextSplitter.split(zalgo, new TextLimit(100, Unit.UTF16));

        assertThat(String.join("", parts)).isEqualTo(zalgo);
        assertThat(parts).hasSize(6);
    }

    @Test
    void aLoneSurrogateIsNoTrouble() {
        String text = "a".repeat(1_999) + "\ud83d" + "b".repeat(100) + "\udc4d";

        assertThatCode(() -> TextSplitter.split(text, DISCORD)).doesNotThrowAnyException();
        assertThat(String.join("", TextSplitter.split(text, DISCORD))).isEqualTo(text);
    }

    @Test
    @Timeout(60)
    void aMegabyteOfAnyTroubleIsSplitInTime() {
        // A quadratic pass takes minutes here, where a linear one takes seconds for all of them together.
        for (String piece : List.of(
                "word ",
                "x",
                "\u6c49",
                "\ud83d\udc4d\ud83c\udffd",
                "```\n",
                "```\na\n```\n",
                "\n",
                " ",
                "\u0301",
                "~~~a\n",
                "`",
                "a\n")) {
            String text = piece.repeat(1_000_000 / piece.length()) + "end";
            for (Unit unit : Unit.values()) {
                assertThat(TextSplitter.split(text, new TextLimit(4_096, unit))).isNotEmpty();
                assertThat(TextSplitter.split(text, new TextLimit(16, unit))).isNotEmpty();
            }
        }
    }
}
