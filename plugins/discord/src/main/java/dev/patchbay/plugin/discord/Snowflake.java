package dev.patchbay.plugin.discord;

import java.time.Instant;
import java.util.Comparator;

/** Discord's ids: whole numbers in decimal, larger is later. Kept as text, as they come and as they are stored. */
final class Snowflake {
    /** Before every id. */
    static final String ZERO = "0";

    static final Comparator<String> ORDER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private static final long EPOCH_MILLIS = 1_420_070_400_000L;
    private static final int DIGITS_MAX = 20;

    private Snowflake() {}

    /** The id that something made at a moment has at least; Discord's ids begin with milliseconds since 2015. */
    static String at(Instant moment) {
        return Long.toString(Math.max(0, moment.toEpochMilli() - EPOCH_MILLIS) << 22);
    }

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
