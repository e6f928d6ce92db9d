package dev.patchbay.plugin.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkdownTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "**b** *i*| <b>b</b> <i>i</i>",
                "`a<b>&`| <code>a&lt;b&gt;&amp;</code>",
                "# Title| <b>Title</b>",
                "[here](https://x.y/?a=1&b=\"2\")| <a href=\"https://x.y/?a=1&amp;b=&quot;2&quot;\">here</a>",
                "![cat](https://x.y/c.png)| <a href=\"https://x.y/c.png\">cat</a>",
                "[x](javascript:alert(1)) *y*| x (javascript:alert(1)) <i>y</i>",
                "<b>raw</b> *i*| &lt;b&gt;raw&lt;/b&gt; <i>i</i>",
                "> quote| <blockquote>quote</blockquote>",
                "> > deep| <blockquote>deep</blockquote>",
            })
    void isTelegramsHtml(String markdown, String html) {
        assertThat(Markdown.render(markdown, 4_096).text()).isEqualTo(html.strip());
    }

    @Test
    void fencesKeepTheirLanguageAndNothingInThemIsFormatted() {
        assertThat(Markdown.render("```Java\nint *a* = 1 < 2;\n```", 4_096).text())
                .isEqualTo("<pre><code class=\"language-java\">int *a* = 1 &lt; 2;</code></pre>");
    }

    @Test
    void listsAreLinesWithTheirNumbersAndDepth() {
        String markdown = "Steps:\n\n3. *one*\n4. two\n   - deep\n   - deeper\n";

        assertThat(Markdown.render(markdown, 4_096).text())
                .isEqualTo("Steps:\n\n3. <i>one</i>\n4. two\n  • deep\n  • deeper");
    }

    @Test
    void tablesAreColumnsOfEqualWidth() {
        String markdown = "| a | long |\n|---|---|\n| 1 | x |\n| three | y |\n";

        assertThat(Markdown.render(markdown, 4_096).text()).isEqualTo("<pre>a     | long\n1     | x\nthree | y</pre>");
    }

    @Test
    void aRenderingThatWouldBeTooLongIsLeftAsItWas() {
        String markdown = "| a | " + "b".repeat(29) + " |\n|---|---|\n" + "| ccccccccccccccc | d |\n".repeat(10);

        assertThat(Markdown.render(markdown, 200).isHtml()).isFalse();
        assertThat(Markdown.render(markdown, 200).text()).isEqualTo(markdown);
    }

    @Test
    void whatIsShownIsCountedAndNotTheTags() {
        assertThat(Markdown.render("**" + "x".repeat(4_090) + "**", 4_096).shown())
                .isEqualTo(4_090);
        assertThat(Markdown.render("🦊 **a**", 4_096).shown()).isEqualTo(4);
    }

    @Test
    void aTextWithoutFormattingKeepsItsBlanks() {
        String text = "a\n\n\n  b & c\n";

        assertThat(Markdown.render(text, 4_096)).isEqualTo(Markdown.plain(text));
    }
}
