package dev.patchbay.plugin.discord;

import java.util.Comparator;

/** Discord's ids: whole numbers in decimal, larger is later. Kept as text, as they come and as they are stored. */
final class Snowflake {
    /** Before every id. */
    static final String ZERO = "0";

    static final Comparator<String> ORDER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private static final int DIGITS_MAX = 20;

    private Snowflake() {}

    static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= DIGITS_MAX
                && text.chars().allMatch(each -> each >= '0' && each <= '9');
    }

    static boolean isLater(String id, String than) {
        return ORDER.compare(id, than) > 0;
    }

    static String later(String one, String other) {
        return isLater(one, other) ? one : other;
    }
}
