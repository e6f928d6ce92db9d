package dev.patchbay.plugin.telegram;

import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;

/**
 * A text as Telegram is to show it.
 *
 * @param text to be sent
 * @param isHtml whether it is Telegram's HTML; else it is sent without a parse mode
 * @param shown what is left of it when it is shown, in UTF-16 units: this is what Telegram counts
 */
record Markdown(String text, boolean isHtml, int shown) {
    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    static Markdown plain(String text) {
        return new Markdown(text, false, text.length());
    }

    /**
     * Renders an agent's Markdown. A text without formatting stays as it was written, blank lines and all; so does one whose
     * rendering would be longer than {@code max}.
     */
    static Markdown render(String text, int max) {
        Node document = PARSER.parse(text);
        var html = new TelegramHtml();
        document.accept(html);
        String visible = html.visible();
        if (visible.isBlank() || visible.length() > max) {
            return plain(text);
        }
        if (!html.hasFormatting() && letters(visible).equals(letters(text))) {
            return plain(text);
        }
        return new Markdown(html.html(), true, visible.length());
    }

    private static String letters(String text) {
        return text.replaceAll("\\s+", "");
    }
}
