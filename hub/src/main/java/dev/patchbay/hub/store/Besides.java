package dev.patchbay.hub.store;

import java.util.List;

/**
 * What is written in the same transaction as the end of a turn that the hub began by itself.
 *
 * @param notes kept; those without a value are forgotten
 */
public record Besides(List<StoredNote> notes) {
    /** Nothing. */
    public static final Besides NOTHING = new Besides(List.of());

    public Besides {
        notes = List.copyOf(notes);
    }

    /** These notes and nothing else. */
    public static Besides notes(List<StoredNote> notes) {
        return new Besides(notes);
    }
}
