package dev.patchbay.plugin.telegram;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;
import org.commonmark.node.Text;

/** A table as lines of equal columns, for letters of equal width. */
final class PlainTable {
    /** Wider cells are not made up for: nothing would be left of the lines on a telephone. */
    private static final int WIDTH_MAX = 30;

    private PlainTable() {}

    static String of(TableBlock table) {
        var rows = new ArrayList<List<String>>();
        table.accept(new AbstractVisitor() {
            private List<String> row = List.of();

            @Override
            public void visit(CustomNode node) {
                if (node instanceof TableCell) {
                    row.add(words(node));
                    return;
                }
                if (node.getFirstChild() instanceof TableCell) {
                    row = new ArrayList<>();
                    rows.add(row);
                }
                visitChildren(node);
            }
        });
        var lines = new ArrayList<String>();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                line.append(column == 0 ? "" : " | ").append(cell);
                if (column < row.size() - 1) {
                    line.append(" ".repeat(Math.max(0, width(rows, column) - length(cell))));
                }
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines);
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream()
                .filter(row -> column < row.size())
                .mapToInt(row -> length(row.get(column)))
                .filter(length -> length <= WIDTH_MAX)
                .max()
                .orElse(0);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private static String words(Node cell) {
        var words = new StringBuilder();
        cell.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                words.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                words.append(code.getLiteral());
            }

            @Override
            public void visit(HtmlInline inline) {
                words.append(inline.getLiteral());
            }
        });
        return words.toString();
    }
}
