package dev.patchbay.hub.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the blanks around ids. A blank is what Unicode calls White_Space; Java's own notions differ from it and from each other
 * (U+0085 and U+00A0 are blanks, U+001C, U+200B and U+FEFF are not).
 */
public final class Blanks {
    private Blanks() {}

    /** The text without the blanks at both ends. */
    public static String cut(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** The text without the blanks at both ends, or null if nothing is left. */
    public static @Nullable String cutToNull(@Nullable String text) {
        String cut = text == null ? "" : cut(text);
        return cut.isEmpty() ? null : cut;
    }

    /** How names are compared that are compared without case: cut and in lower case, the same in every locale. */
    public static String fold(String name) {
        return cut(name).toLowerCase(Locale.ROOT);
    }

    /** True if there is nothing but blanks. */
    public static boolean isBlank(String text) {
        return text.chars().allMatch(c -> isBlank((char) c));
    }

    /** True for Unicode's White_Space; all of it lies below U+10000. */
    public static boolean isBlank(char c) {
        if (c <= ' ') {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }
        return c >= '\u0085' && isFarBlank(c);
    }

    private static boolean isFarBlank(char c) {
        return switch (c) {
            case '\u0085', '\u00A0', '\u1680', '\u2028', '\u2029', '\u202F', '\u205F', '\u3000' -> true;
            default -> c >= '\u2000' && c <= '\u200A';
        };
    }
}
