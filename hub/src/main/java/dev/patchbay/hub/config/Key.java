package dev.patchbay.hub.config;

import java.util.List;

/**
 * A key the hub knows.
 *
 * @param path with dots; {@code *} stands for a name or a list position, {@code **} for keys a plugin knows
 * @param otherwise what holds if nobody sets it, as it would be written; empty: none
 * @param range {@code MIN to MAX}, the words of a choice with {@code |} between them, or empty
 */
record Key(String path, Kind kind, String otherwise, String range) {

    /** What a key takes. The word is the one in docs/configuration.md. */
    enum Kind {
        TEXT,
        NUMBER,
        FLAG,
        DURATION,
        SIZE,
        /** A count per time: {@code 50/s}; or {@code off}. */
        RATE,
        PERCENT,
        /** Money: a decimal number. */
        AMOUNT,
        PATH,
        CHOICE,
        /** Values of one kind: {@code [a, b]}; a single one may stand alone. */
        LIST,
        /** A list of sections. */
        SECTIONS,
        /** Keys below it. */
        SECTION;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    String min() {
        return range.substring(0, range.indexOf(" to "));
    }

    String max() {
        return range.substring(range.indexOf(" to ") + 4);
    }

    List<String> words() {
        return List.of(range.split(" \\| "));
    }
}
