package dev.patchbay.hub.delivery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a text's code fences are, by CommonMark's rules: at least three backticks or tildes, indented by at most three. */
final class CodeFences {
    private static final int INDENT_MAX = 3;
    private static final int MARKER_MIN = 3;

    /**
     * One fenced block.
     *
     * @param start index of the line that opens it
     * @param bodyStart index behind that line
     * @param bodyEnd index of the line break before the closing line
     * @param end index behind the closing line's marker; beyond the text if nothing closes it
     * @param opening the first line, as it is repeated
     * @param closing what closes it again
     * @param ownClosing the closing line of the text itself
     */
    record Fence(int start, int bodyStart, int bodyEnd, int end, String opening, String closing, String ownClosing) {

        /** What must be left free to close it either way, with the line break; ASCII, so the same in every unit. */
        int closingUnits() {
            return 1 + ownClosing.length();
        }
    }

    /** A line that may open or close a fence. */
    private record Marker(char sign, int count, int start, int end) {}

    private final List<Fence> fences = new ArrayList<>();
    /** Start and end, in turn, of lines that look like a fence and are none, but would become one if they were cut. */
    private final List<Integer> fragileLines = new ArrayList<>();

    private final String text;
    private final int length;

    private CodeFences(String text, int length) {
        this.text = text;
        this.length = length;
    }

    /**
     * Finds the fences of a text.
     *
     * @param length where the text ends
     * @param overheadMax a fence whose opening and closing line need more than this is taken for plain text: repeating them would
     *     leave no room for the code
     */
    static CodeFences in(String text, int length, int overheadMax) {
        var fences = new CodeFences(text, length);
        if (text.contains("```") || text.contains("~~~")) {
            fences.find(overheadMax);
        }
        return fences;
    }

    private void find(int overheadMax) {
        int line = 0;
        while (line < length) {
            int next = lineEnd(line) + 1;
            Marker opening = marker(line);
            if (opening == null) {
                line = next;
                continue;
            }
            if (opening.sign() == '`' && text.indexOf('`', opening.end(), next - 1) >= 0) {
                addFragile(line, next - 1);
                line = next;
                continue;
            }
            Fence fence = fence(line, next, opening);
            if (Measure.UTF8.count(fence.opening()) + 1 + fence.closingUnits() <= overheadMax) {
                fences.add(fence);
            }
            line = fence.end() > length ? length : lineEnd(fence.end()) + 1;
        }
    }

    private Fence fence(int start, int bodyStart, Marker opening) {
        String first = text.substring(start, Spaces.before(text, start, Math.min(bodyStart, length)));
        String marker = Character.toString(opening.sign()).repeat(opening.count());
        int line = Math.min(bodyStart, length);
        while (line < length) {
            Marker closing = marker(line);
            int lineEnd = lineEnd(line);
            if (closing == null || closing.sign() != opening.sign() || closing.count() < opening.count()) {
                line = lineEnd + 1;
                continue;
            }
            if (Spaces.after(text, closing.end(), lineEnd) < lineEnd) {
                addFragile(line, lineEnd);
            } else {
                // Indented like its own closing line and never longer: where that fits, this fits.
                String again = text.substring(line, closing.start()) + marker;
                String own = text.substring(line, closing.end());
                return new Fence(start, bodyStart, line - 1, closing.end(), first, again, own);
            }
            line = lineEnd + 1;
        }
        String again = text.substring(start, opening.start()) + marker;
        return new Fence(start, Math.min(bodyStart, length), length, length + 1, first, again, again);
    }

    private @Nullable Marker marker(int line) {
        int start = line;
        while (start < length && start - line <= INDENT_MAX && text.charAt(start) == ' ') {
            start++;
        }
        if (start == length || start - line > INDENT_MAX) {
            return null;
        }
        char sign = text.charAt(start);
        if (sign != '`' && sign != '~') {
            return null;
        }
        int end = start;
        while (end < length && text.charAt(end) == sign) {
            end++;
        }
        return end - start < MARKER_MIN ? null : new Marker(sign, end - start, start, end);
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 || end > length ? length : end;
    }

    private void addFragile(int start, int end) {
        fragileLines.add(start);
        fragileLines.add(end);
    }

    /** True if a cut at this index would make a fence out of a line that is none. */
    boolean isFragile(int index) {
        int place = Collections.binarySearch(fragileLines, index);
        // An insertion point behind an odd number of entries lies between a start and its end.
        return place < 0 && (-place - 1) % 2 == 1;
    }

    /** True if three signs of a fence stand here, whether they open one or not. */
    boolean isMarker(int index) {
        return index + MARKER_MIN <= length && (text.startsWith("```", index) || text.startsWith("~~~", index));
    }

    /** The fence that would be cut by a cut at this index, opening and closing line included; null if there is none. */
    @Nullable
    Fence around(int index) {
        int low = 0;
        int high = fences.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Fence fence = fences.get(middle);
            if (index >= fence.end()) {
                low = middle + 1;
            } else if (index <= fence.start()) {
                high = middle - 1;
            } else {
                return fence;
            }
        }
        return null;
    }
}
