package dev.patchbay.plugin.telegram;

import java.util.Locale;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Document;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;

/**
 * Walks a Markdown document and writes Telegram's HTML, a handful of inline tags: what it lacks becomes text. Everything that is
 * not a tag of ours is escaped. For one document.
 */
final class TelegramHtml extends AbstractVisitor {
    private static final int TAB = 2;

    private final StringBuilder html = new StringBuilder();
    private final StringBuilder visible = new StringBuilder();
    private boolean isFormatted;
    private int quotes;
    private int lists;

    String html() {
        return html.toString();
    }

    /** What is left when it is shown. */
    String visible() {
        return visible.toString();
    }

    boolean hasFormatting() {
        return isFormatted;
    }

    @Override
    public void visit(Document document) {
        blocks(document);
    }

    @Override
    public void visit(Paragraph paragraph) {
        visitChildren(paragraph);
    }

    @Override
    public void visit(Heading heading) {
        inTag("b", heading);
    }

    @Override
    public void visit(BlockQuote quote) {
        // Telegram refuses a quote within a quote.
        boolean isOutermost = quotes++ == 0;
        if (isOutermost) {
            tag("<blockquote>");
        }
        blocks(quote);
        if (isOutermost) {
            tag("</blockquote>");
        }
        quotes--;
    }

    @Override
    public void visit(BulletList list) {
        items(list, 0);
    }

    @Override
    public void visit(OrderedList list) {
        Integer start = list.getMarkerStartNumber();
        items(list, start == null ? 1 : start);
    }

    @Override
    public void visit(FencedCodeBlock code) {
        String info = code.getInfo() == null ? "" : code.getInfo().strip();
        int blank = info.indexOf(' ');
        String language = (blank < 0 ? info : info.substring(0, blank)).replaceAll("[^A-Za-z0-9_+#.-]", "");
        block(code.getLiteral(), language.toLowerCase(Locale.ROOT));
    }

    @Override
    public void visit(IndentedCodeBlock code) {
        block(code.getLiteral(), "");
    }

    @Override
    public void visit(ThematicBreak line) {
        text("———");
    }

    @Override
    public void visit(HtmlBlock block) {
        text(block.getLiteral());
    }

    @Override
    public void visit(CustomBlock block) {
        if (block instanceof TableBlock table) {
            block(PlainTable.of(table), "");
        } else {
            visitChildren(block);
        }
    }

    @Override
    public void visit(Text text) {
        text(text.getLiteral());
    }

    @Override
    public void visit(Emphasis emphasis) {
        inTag("i", emphasis);
    }

    @Override
    public void visit(StrongEmphasis emphasis) {
        inTag("b", emphasis);
    }

    @Override
    public void visit(Code code) {
        tag("<code>");
        text(code.getLiteral());
        tag("</code>");
    }

    @Override
    public void visit(Link link) {
        String target = link.getDestination();
        if (link.getFirstChild() == null) {
            text(target);
        } else if (target.matches("(?i)(https?|tg|mailto):.*")) {
            tag("<a href=\"" + escaped(target) + "\">");
            visitChildren(link);
            tag("</a>");
        } else {
            visitChildren(link);
            text(" (" + target + ")");
        }
    }

    /** A picture within a text cannot be shown, its name can lead to it. */
    @Override
    public void visit(Image image) {
        var link = new Link(image.getDestination(), image.getTitle());
        Node child = image.getFirstChild();
        while (child != null) {
            Node next = child.getNext();
            link.appendChild(child);
            child = next;
        }
        visit(link);
    }

    @Override
    public void visit(HtmlInline inline) {
        text(inline.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
        newLine();
    }

    @Override
    public void visit(HardLineBreak lineBreak) {
        newLine();
    }

    private void blocks(Node parent) {
        for (Node block = parent.getFirstChild(); block != null; block = block.getNext()) {
            block.accept(this);
            if (block.getNext() != null) {
                newLine();
                newLine();
            }
        }
    }

    private void items(ListBlock list, int start) {
        lists++;
        int number = start;
        for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            text(" ".repeat(TAB * (lists - 1)) + (list instanceof OrderedList ? number++ + ". " : "• "));
            item(item, list.isTight());
            if (item.getNext() != null) {
                newLine();
                if (!list.isTight()) {
                    newLine();
                }
            }
        }
        lists--;
    }

    private void item(Node item, boolean isTight) {
        if (!(item instanceof ListItem)) {
            return;
        }
        for (Node block = item.getFirstChild(); block != null; block = block.getNext()) {
            block.accept(this);
            Node next = block.getNext();
            if (next != null) {
                newLine();
                if (!isTight && !(next instanceof ListBlock)) {
                    newLine();
                }
            }
        }
    }

    private void block(String literal, String language) {
        String code = literal.endsWith("\n") ? literal.substring(0, literal.length() - 1) : literal;
        tag(language.isEmpty() ? "<pre>" : "<pre><code class=\"language-" + language + "\">");
        text(code);
        tag(language.isEmpty() ? "</pre>" : "</code></pre>");
    }

    private void inTag(String tag, Node node) {
        tag("<" + tag + ">");
        visitChildren(node);
        tag("</" + tag + ">");
    }

    private void newLine() {
        text("\n");
    }

    private void tag(String tag) {
        isFormatted = true;
        html.append(tag);
    }

    private void text(String text) {
        visible.append(text);
        html.append(escaped(text));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
