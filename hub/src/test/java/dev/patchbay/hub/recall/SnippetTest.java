package dev.patchbay.hub.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SnippetTest {

    @Test
    void hitsAreMarkedInTheirOwnSpelling() {
        assertThat(snippet("We were Running for the trains.", "train run"))
                .isEqualTo("We were **Running** for the **trains**.");
    }

    @Test
    void hitsThatTouchAreOne() {
        assertThat(snippet("我喜欢北京烤鸭。", "北京 京烤 鸭")).isEqualTo("我喜欢**北京烤鸭**。");
    }

    @Test
    void aRunIsMarkedOnlyAsAWhole() {
        assertThat(snippet("foo, then foo-bar", "foo-bar")).isEqualTo("foo, then **foo-bar**");
    }

    @Test
    void linesBecomeBlanks() {
        assertThat(snippet("first\r\n\r\n  second\tthird", "second")).isEqualTo("first **second** third");
    }

    @Test
    void thePlaceWithMostOfTheWordsIsShown() {
        // Given
        String text = "apple " + "filler ".repeat(200) + "the apple and the pear " + "more ".repeat(200);

        // When
        String snippet = snippet(text, "apple pear");

        // Then
        assertThat(snippet).startsWith("…").endsWith("…").contains("the **apple** and the **pear**");
    }

    @Test
    void anySnippetIsShortAndWhole() {
        var random = new Random(3);
        String[] pieces = {"tea", "中", "文", " ", "\n", "🎉", "\uD842\uDFB7", "word", ", ", "x".repeat(70), "**"};
        for (int round = 0; round < 2_000; round++) {
            // Given
            var text = new StringBuilder();
            for (int length = random.nextInt(200); length > 0; length--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }

            // When
            String snippet = snippet(text.toString(), "tea 中 中文 " + "x".repeat(70));

            // Then
            assertThat(snippet.length()).isLessThanOrEqualTo(Snippet.LENGTH_MAX);
            assertThat(snippet.codePoints().noneMatch(each -> each >= 0xD800 && each <= 0xDFFF))
                    .as(snippet)
                    .isTrue();
            if (!text.toString().contains("**")) {
                assertThat(snippet.split("\\*\\*", -1).length % 2).as(snippet).isEqualTo(1);
            }
        }
    }

    private static String snippet(String text, String query) {
        return Snippet.of(text, Wanted.of(query));
    }
}
