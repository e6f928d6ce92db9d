package dev.patchbay.hub.delivery;

/**
 * White space at which a text may be cut, and which may then be dropped: all that every reader agrees on. Not the non-breaking
 * ones, and not U+0085, which some take for a character.
 */
final class Spaces {
    private Spaces() {}

    static boolean isBreaking(char c) {
        if (c <= ' ') {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }
        return c >= '\u1680'
                && switch (c) {
                    case '\u1680', '\u2028', '\u2029', '\u205F', '\u3000' -> true;
                    default -> c >= '\u2000' && c <= '\u200A' && c != '\u2007';
                };
    }

    /** The first index from {@code i} on that is no space. */
    static int after(String text, int i, int to) {
        int end = i;
        while (end < to && isBreaking(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** As {@link #after}, but only past the last line break: the indentation of the line stays. */
    static int afterBlankLines(String text, int i, int to) {
        int end = after(text, i, to);
        for (int lineStart = end; lineStart > i; lineStart--) {
            if (text.charAt(lineStart - 1) == '\n') {
                return lineStart;
            }
        }
        return end;
    }

    /** Where the text before {@code i} ends without the spaces at its end; at least {@code from}. */
    static int before(String text, int from, int i) {
        int end = i;
        while (end > from && isBreaking(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** How many line breaks there are; 2 means two or more. */
    static int lineBreaks(String text, int from, int to) {
        int count = 0;
        for (int i = from; i < to && count < 2; i++) {
            if (text.charAt(i) == '\n') {
                count++;
            }
        }
        return count;
    }

    /** True if a reader would see nothing: spaces of any kind, and the separators U+001C to U+001F, which no platform shows. */
    static boolean isBlank(String text) {
        return isBlank(text, 0, text.length());
    }

    static boolean isBlank(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean isSeparator = c >= '\u001C' && c <= '\u001F';
            if (!isBreaking(c) && !isSeparator && c != '\u0085' && c != '\u00A0' && c != '\u2007' && c != '\u202F') {
                return false;
            }
        }
        return true;
    }
}
