package dev.patchbay.api;

/**
 * How long one message's text may be on a platform.
 *
 * @param max at least 16
 * @param unit what is counted
 */
public record TextLimit(int max, Unit unit) {

    /** No limit of the platform's own: a text is never split. */
    public static final TextLimit NONE = new TextLimit(Integer.MAX_VALUE, Unit.UTF16);

    /** What a platform counts. */
    public enum Unit {
        /** UTF-16 code units, {@code String.length()}. */
        UTF16,
        /** Unicode code points. */
        CODE_POINTS,
        /** Bytes in UTF-8. */
        UTF8
    }

    public TextLimit {
        if (max < 16) {
            throw new IllegalArgumentException("a text limit of " + max + " is too small; at least 16");
        }
    }
}
