package dev.patchbay.hub.store;

import java.util.List;
import java.util.Optional;

/**
 * What is written in the same transaction as the end of a turn that the hub began by itself.
 *
 * @param notes kept; those without a value are forgotten
 * @param task how far the task has come whose turn it was; a conflict if it has ended before
 */
public record Besides(List<StoredNote> notes, Optional<TaskChange> task) {
    /** Nothing. */
    public static final Besides NOTHING = new Besides(List.of(), Optional.empty());

    public Besides {
        notes = List.copyOf(notes);
    }

    /** These notes and nothing else. */
    public static Besides notes(List<StoredNote> notes) {
        return new Besides(notes, Optional.empty());
    }

    /** This task and nothing else. */
    public static Besides task(TaskChange task) {
        return new Besides(List.of(), Optional.of(task));
    }
}
