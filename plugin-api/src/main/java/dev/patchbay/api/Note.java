package dev.patchbay.api;

import java.util.Objects;

/**
 * Something small that an account has to remember over restarts, for instance how far it has read. A later note of the same name
 * replaces the earlier one. At most 10,000 names per account.
 *
 * @param name 1 to 200 characters
 * @param value at most 8,000 characters; empty forgets the note
 */
public record Note(String name, String value) {
    public Note {
        Objects.requireNonNull(value, "value");
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException("a note's name has 1 to 200 characters");
        }
        if (value.length() > 8_000) {
            throw new IllegalArgumentException("a note's value has at most 8,000 characters");
        }
    }
}
