package dev.patchbay.fakes.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlTextTest {

    @Test
    void tagsBecomeEntitiesInUtf16Units() {
        // When
        Text text = HtmlText.parse(
                "😀 <b>bold <i>both</i></b> &lt;x&gt; <pre><code class=\"language-java\">int a;</code></pre>");

        // Then
        assertThat(text.plain()).isEqualTo("😀 bold both <x> int a;");
        assertThat(text.entities().toString())
                .isEqualTo(
                        "[{\"offset\":8,\"length\":4,\"type\":\"italic\"},{\"offset\":3,\"length\":9,\"type\":\"bold\"},"
                            + "{\"offset\":17,\"length\":6,\"type\":\"pre\",\"language\":\"java\"}]");
    }

    @Test
    void everyTagOfTheDocumentationIsKnown() {
        // When
        Text text =
                HtmlText.parse("<strong>a</strong><em>a</em><u>a</u><ins>a</ins><s>a</s><strike>a</strike><del>a</del>"
                        + "<span class=\"tg-spoiler\">a</span><tg-spoiler>a</tg-spoiler><a href='tg://user?id=1'>a</a>"
                        + "<tg-emoji emoji-id=\"5\">a</tg-emoji><code>a</code><pre>a</pre><blockquote>a</blockquote>"
                        + "<blockquote expandable>a</blockquote>");

        // Then
        assertThat(text.entities().findValuesAsText("type"))
                .containsExactly(
                        "bold",
                        "italic",
                        "underline",
                        "underline",
                        "strikethrough",
                        "strikethrough",
                        "strikethrough",
                        "spoiler",
                        "spoiler",
                        "text_link",
                        "custom_emoji",
                        "code",
                        "pre",
                        "blockquote",
                        "expandable_blockquote");
    }

    @Test
    void anAmpersandThatMeansNothingStaysAsItIs() {
        assertThat(HtmlText.parse("a & b &nbsp; &#65;&#x42; &quot;").plain()).isEqualTo("a & b &nbsp; AB \"");
    }

    @Test
    void blanksAtTheEndsAreTakenAwayAndWhatIsMarkedMovesAlong() {
        // When
        Text text = HtmlText.parse("\n <b> x</b> \n");

        // Then
        assertThat(text.plain()).isEqualTo("x");
        assertThat(text.entities().toString()).isEqualTo("[{\"offset\":0,\"length\":1,\"type\":\"bold\"}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<b>x                    | Can't find end tag corresponding to start tag \"b\"",
                "ü<foo>                  | Unsupported start tag \"foo\" at byte offset 2",
                "1 <3 you>               | Unsupported start tag \"3\" at byte offset 2",
                "a < b                   | Unsupported start tag \"\" at byte offset 2",
                "a <b                    | Unclosed start tag at byte offset 2",
                "<b>x</i>                | Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\"",
                "x</b>                   | Unexpected end tag at byte offset 1",
                "<b>x</b                 | Unclosed end tag at byte offset 4",
                "<a href=\"x             | Unclosed start tag \"a\" at byte offset 0",
                "<span>x</span>          | Tag \"span\" must have class \"tg-spoiler\" at byte offset 0",
            })
    void wrongTagsAreRefusedWithTheirPlace(String html, String complaint) {
        assertThatThrownBy(() -> HtmlText.parse(html))
                .isInstanceOf(ApiError.class)
                .hasMessageStartingWith("Bad Request: can't parse entities: " + complaint);
    }
}
