package dev.patchbay.fakes.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Header lines, found without regard to case.
 *
 * @param lines name in lower case to value; of a name that came twice the values are joined with {@code ", "}
 */
public record Headers(Map<String, String> lines) {
    static final int LINES_MAX = 200;

    public Headers {
        lines = Map.copyOf(lines);
    }

    /** Reads lines of the form {@code Name: value}; others are left out. */
    static Headers of(List<String> lines) {
        var found = new LinkedHashMap<String, String>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                found.merge(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip(),
                        (one, two) -> one + ", " + two);
            }
        }
        return new Headers(found);
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(lines.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The value in lower case, empty if the line is missing. */
    String folded(String name) {
        return value(name).orElse("").toLowerCase(Locale.ROOT);
    }
}
