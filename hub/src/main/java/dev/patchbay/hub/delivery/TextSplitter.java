package dev.patchbay.hub.delivery;

import dev.patchbay.api.TextLimit;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Splits a text into parts that a platform takes. The same text and limit always give the same parts, so that a message can go on
 * at the first part that was not delivered. Takes time in proportion to the text.
 *
 * <p>Nothing is lost but white space where the cuts are. A part ends, in order of preference, at the end of a paragraph, a line,
 * a sentence, a word, all in its last quarter; failing that further up; failing that between two characters as a reader sees them.
 * A cut code fence is closed, and opened again in the next part with the same first line. For one thread, used once.
 */
public final class TextSplitter {
    /** What a cut at a run of white space is worth. */
    private static final int NOTHING = 0;

    private static final int WORD = 1;
    private static final int SENTENCE = 2;
    private static final int LINE = 3;
    private static final int PARAGRAPH = 4;

    private static final int INDENTED = 4;
    private static final char FIRST_COMBINING = '\u0300';

    private final String text;
    private final int length;
    private final int limit;
    private final Measure measure;
    private final CodeFences fences;
    private final List<String> parts = new ArrayList<>();
    private @Nullable BreakIterator characters;

    private TextSplitter(String text, TextLimit limit) {
        this.text = text;
        this.length = Spaces.before(text, 0, text.length());
        this.limit = limit.max();
        this.measure = Measure.of(limit.unit());
        this.fences = CodeFences.in(text, length, limit.max() / 4 * 3);
    }

    /**
     * The parts in order, each within the limit and none blank; a text within the limit is its own only part, unchanged. A blank
     * text has none.
     */
    public static List<String> split(String text, TextLimit limit) {
        if (Spaces.isBlank(text)) {
            return List.of();
        }
        if (Measure.of(limit.unit()).fits(text, limit.max())) {
            return List.of(text);
        }
        return new TextSplitter(text, limit).split();
    }

    private List<String> split() {
        int from = text.lastIndexOf('\n', Spaces.after(text, 0, length)) + 1;
        while (from < length) {
            from = cutOff(from);
        }
        return List.copyOf(parts);
    }

    /** Adds the part that begins here and says where the next one begins. */
    private int cutOff(int from) {
        CodeFences.Fence reopened = fences.around(from);
        String head = reopened != null && from >= reopened.bodyStart() ? reopened.opening() + "\n" : "";
        int room = limit - measure.count(head);
        int last = measure.advance(text, from, length, room);
        if (last == length) {
            CodeFences.Fence open = fences.around(length);
            if (open == null || measure.advance(text, from, length, room - open.closingUnits()) == length) {
                add(head, from, length, open == null ? "" : "\n" + open.closing());
                return length;
            }
        }
        CodeFences.Fence fence = fences.around(last);
        last = fence == null ? last : lastCut(fence, from, room);
        if (fence != null && last <= from) {
            // Only white space fits behind the opening of the fence, or at the start of its next line: leave it out.
            int body = Math.max(from, fence.bodyStart());
            return Math.max(from + 1, goOn(body, Spaces.after(text, body, length)));
        }
        int cut = fence != null && last == fence.start() ? Spaces.before(text, from, last) : cut(from, last, room);
        fence = fences.around(cut);
        String tail = "";
        int end = cut;
        if (fence != null && Spaces.after(text, cut, fence.bodyEnd()) < fence.bodyEnd()) {
            tail = "\n" + fence.closing();
        } else if (fence != null) {
            // Nothing but blank lines is left of the code: its own closing line ends this part.
            tail = "\n" + fence.ownClosing();
            end = fence.end();
        }
        add(head, from, cut, tail);
        // The spaces before a cut are left out, but signs behind it may need the last of them as their indentation.
        int least = end == cut ? Math.max(from + 1, Spaces.before(text, from, cut)) : end;
        return goOn(least, Spaces.afterBlankLines(text, end, length));
    }

    /** Where the text goes on; signs that are no fence keep the indentation that says so. */
    private int goOn(int least, int next) {
        if (!fences.isMarker(next)) {
            return next;
        }
        CodeFences.Fence fence = fences.around(next + 1);
        boolean isFence = fence != null && (next < fence.bodyStart() || next > fence.bodyEnd());
        return isFence ? next : Math.max(least, next - INDENTED);
    }

    private void add(String head, int from, int to, String tail) {
        int end = Spaces.before(text, from, to);
        if (!Spaces.isBlank(text, from, end)) {
            parts.add(head + text.substring(from, end) + tail);
        }
    }

    /** The furthest place where the part may end so that this fence can be closed; {@code from} if there is none. */
    private int lastCut(CodeFences.Fence fence, int from, int room) {
        int last = measure.advance(text, from, length, room - fence.closingUnits());
        int bodyFrom = Math.max(from, fence.bodyStart());
        if (last > bodyFrom && Spaces.after(text, bodyFrom, last) < last) {
            return last;
        }
        // No code would be left in this part: end it before the fence.
        return Math.max(from, fence.start());
    }

    /** The best place to end the part that begins at {@code from}. */
    private int cut(int from, int last, int room) {
        int upper = last;
        for (int quarter = 3; quarter >= 1; quarter--) {
            int lower = measure.advance(text, from, last, room / 4 * quarter);
            int best = bestSpace(from, upper, lower);
            if (best < 0 && quarter == 3) {
                best = betweenIdeographs(from, last, lower);
            }
            if (best >= 0) {
                return best;
            }
            upper = Math.min(upper, lower);
        }
        return betweenCharacters(from, last);
    }

    /** The start of the best run of white space that touches this range, else -1. */
    private int bestSpace(int from, int upper, int lower) {
        int best = -1;
        int bestWorth = NOTHING;
        for (int i = Math.min(upper, length - 1); i >= lower && i > from && bestWorth < PARAGRAPH; i--) {
            if (!Spaces.isBreaking(text.charAt(i))) {
                continue;
            }
            int start = Spaces.before(text, from, i);
            int worth = worth(from, start, Spaces.after(text, i, length));
            if (worth > bestWorth) {
                best = start;
                bestWorth = worth;
            }
            i = start;
        }
        return best;
    }

    private int worth(int from, int start, int end) {
        if (start <= from || !isCharacterStart(end)) {
            return NOTHING;
        }
        CodeFences.Fence fence = fences.around(start);
        if (fence != null && start < fence.bodyStart()) {
            return NOTHING;
        }
        int lines = Spaces.lineBreaks(text, start, end);
        if (fences.isFragile(start) || (lines == 0 && fences.isMarker(end))) {
            return NOTHING;
        }
        if (fence != null) {
            // Inside code an empty line is no better than any other line end.
            return lines > 0 ? LINE : WORD;
        }
        if (lines > 0) {
            return lines > 1 ? PARAGRAPH : LINE;
        }
        return endsSentence(from, start) ? SENTENCE : WORD;
    }

    private boolean endsSentence(int from, int end) {
        int i = end - 1;
        while (i > from && ")]}\"'*_”’»）」』".indexOf(text.charAt(i)) >= 0) {
            i--;
        }
        return ".!?…。！？".indexOf(text.charAt(i)) >= 0;
    }

    /** Chinese and Japanese need no white space: behind a full stop, else behind a comma, else anywhere. */
    private int betweenIdeographs(int from, int last, int lower) {
        if (!isIdeographic(text.codePointBefore(last)) && !isIdeographic(text.codePointAt(last))) {
            return -1;
        }
        int comma = -1;
        for (int i = last; i > Math.max(from, lower); i--) {
            char before = text.charAt(i - 1);
            if ("。！？".indexOf(before) >= 0 && isCharacterEnd(i)) {
                return i;
            }
            if (comma < 0 && "，、；：".indexOf(before) >= 0 && isCharacterEnd(i)) {
                comma = i;
            }
        }
        return comma >= 0 ? comma : betweenCharacters(from, last);
    }

    private boolean isCharacterEnd(int i) {
        CodeFences.Fence fence = fences.around(i);
        return (fence == null || i > fence.bodyStart()) && isCharacterStart(i) && !isBeforeSigns(i);
    }

    /** False for what belongs to the character before it: combining marks, joiners, variation selectors. */
    private boolean isCharacterStart(int i) {
        if (i >= length || text.charAt(i) < FIRST_COMBINING) {
            return true;
        }
        BreakIterator pair = characters(i - 1, text.offsetByCodePoints(i, 1));
        return pair.isBoundary(1);
    }

    /** The last end of a character as a reader sees it; a character that alone is too long is cut between code points. */
    private int betweenCharacters(int from, int last) {
        // Two more: whether a character ends here depends on what follows.
        BreakIterator window = characters(from, Math.min(length, last + 2));
        int end = window.isBoundary(last - from) ? last : from + window.preceding(last - from);
        CodeFences.Fence fence = fences.around(end);
        if (end > from && fence != null && end <= fence.bodyStart()) {
            // Not one character of the code fits: end before the fence.
            end = Spaces.before(text, from, Math.max(from, fence.start()));
        }
        if (end <= from) {
            return last;
        }
        return isBeforeSigns(end) ? beforeSigns(from, end) : end;
    }

    /** True if signs of a fence that stand inside a line would come to stand at the start of one. */
    private boolean isBeforeSigns(int cut) {
        int next = Spaces.after(text, cut, length);
        return fences.isMarker(next) && Spaces.lineBreaks(text, cut - 1, next) == 0;
    }

    /** Cuts before what the signs follow. */
    private int beforeSigns(int from, int end) {
        char sign = text.charAt(Spaces.after(text, end, length));
        int signs = end;
        while (signs > from && text.charAt(signs - 1) == sign) {
            signs--;
        }
        int before = Spaces.before(text, from, signs);
        if (before > from + 1) {
            return betweenCharacters(from, before - 1);
        }
        // Hardly more than a gap, of which they keep the last as their indentation.
        return signs > from ? signs : end;
    }

    private BreakIterator characters(int from, int to) {
        if (characters == null) {
            characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        }
        characters.setText(text.substring(from, to));
        return characters;
    }

    private static boolean isIdeographic(int codePoint) {
        return Character.isIdeographic(codePoint)
                || (codePoint >= 0x3000 && codePoint <= 0x30FF)
                || (codePoint >= 0xFF00 && codePoint <= 0xFFEF);
    }
}
