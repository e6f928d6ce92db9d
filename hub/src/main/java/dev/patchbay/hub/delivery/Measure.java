package dev.patchbay.hub.delivery;

import dev.patchbay.api.TextLimit;

/** Counts a text in a platform's unit. A lone surrogate counts like U+FFFD, which is what becomes of it on the way out. */
enum Measure {
    UTF16 {
        @Override
        int units(int codePoint) {
            return Character.charCount(codePoint);
        }

        @Override
        int advance(String text, int from, int to, int room) {
            if (to - from <= room) {
                return to;
            }
            int i = from + Math.max(0, room);
            boolean insidePair = i > from && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            return insidePair ? i - 1 : i;
        }
    },
    CODE_POINTS {
        @Override
        int units(int codePoint) {
            return 1;
        }
    },
    UTF8 {
        @Override
        int units(int codePoint) {
            if (codePoint < 0x80) {
                return 1;
            }
            if (codePoint < 0x800) {
                return 2;
            }
            return codePoint < 0x10000 ? 3 : 4;
        }
    };

    /** No UTF-16 code unit is more than three bytes of UTF-8. */
    private static final int UNITS_PER_CHAR_MAX = 3;

    static Measure of(TextLimit.Unit unit) {
        return switch (unit) {
            case UTF16 -> UTF16;
            case CODE_POINTS -> CODE_POINTS;
            case UTF8 -> UTF8;
        };
    }

    abstract int units(int codePoint);

    /** True if the whole text has at most this many units. */
    boolean fits(String text, int max) {
        if (text.length() <= max / UNITS_PER_CHAR_MAX || (this != UTF8 && text.length() <= max)) {
            return true;
        }
        return advance(text, 0, text.length(), max) == text.length();
    }

    int count(String text) {
        return text.codePoints().map(this::units).sum();
    }

    /** The furthest index, at most {@code to}, such that the text up to it has at most {@code room} units. */
    int advance(String text, int from, int to, int room) {
        int left = room;
        int i = from;
        while (i < to) {
            int codePoint = text.codePointAt(i);
            left -= units(codePoint);
            if (left < 0) {
                return i;
            }
            i += Character.charCount(codePoint);
        }
        return to;
    }
}
