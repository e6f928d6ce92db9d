package dev.patchbay.hub.delivery;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a platform that asked to slow down.
 *
 * @param until nothing may be sent before
 * @param factor how many times slower than the limits allow
 * @param at when that was learnt
 */
record PaceNote(Instant until, double factor, Instant at) {

    /** Three numbers: two moments in milliseconds with the factor between them. A pause does not become shorter by that. */
    String text() {
        return (until.toEpochMilli() + 1) + " " + factor + " " + at.toEpochMilli();
    }

    /** Reads it again; empty if it is something else. */
    static Optional<PaceNote> parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            double factor = Double.parseDouble(parts[1]);
            return Double.isNaN(factor)
                    ? Optional.empty()
                    : Optional.of(new PaceNote(
                            Instant.ofEpochMilli(Long.parseLong(parts[0])),
                            factor,
                            Instant.ofEpochMilli(Long.parseLong(parts[2]))));
        } catch (NumberFormatException | DateTimeException other) {
            return Optional.empty();
        }
    }
}
