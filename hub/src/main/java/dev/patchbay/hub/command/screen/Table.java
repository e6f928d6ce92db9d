package dev.patchbay.hub.command.screen;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, in columns as wide as they need to be. Cells are made harmless and stay on one line. One thread. */
public final class Table {
    private static final int CELL_WIDTH_MAX = 80;
    private static final String GAP = "  ";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** One more row; missing cells at its end are empty. */
    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Headings and rows, no trailing blanks. */
    public List<String> lines() {
        var all = new ArrayList<List<String>>();
        all.add(headings);
        rows.forEach(row -> all.add(row.stream().map(Table::cell).toList()));
        int[] widths = new int[headings.size()];
        for (List<String> row : all) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String cell = row.get(column);
            line.append(cell).repeat(' ', widths[column] - width(cell)).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private static String cell(String text) {
        String line = HarmlessText.line(text);
        if (line.codePointCount(0, line.length()) <= CELL_WIDTH_MAX) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, CELL_WIDTH_MAX - 1)) + "…";
    }

    /** East Asian characters and most pictures take two columns. */
    private static int width(String text) {
        return text.codePoints().map(Table::width).sum();
    }

    private static int width(int codePoint) {
        if (Character.getType(codePoint) == Character.NON_SPACING_MARK) {
            return 0;
        }
        boolean isWide = (codePoint >= 0x1100 && codePoint <= 0x115f)
                || (codePoint >= 0x2e80 && codePoint <= 0xa4cf)
                || (codePoint >= 0xac00 && codePoint <= 0xd7a3)
                || (codePoint >= 0xf900 && codePoint <= 0xfaff)
                || (codePoint >= 0xfe30 && codePoint <= 0xfe6f)
                || (codePoint >= 0xff00 && codePoint <= 0xff60)
                || (codePoint >= 0x1f300 && codePoint <= 0x1faff)
                || (codePoint >= 0x20000 && codePoint <= 0x3fffd);
        return isWide ? 2 : 1;
    }
}
