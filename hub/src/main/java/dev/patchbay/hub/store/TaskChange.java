package dev.patchbay.hub.store;

import java.util.Optional;

/**
 * A task comes further.
 *
 * @param body takes the place of the one before; empty: that one stays
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TaskChange(String taskId, TaskStanding standing, Optional<byte[]> body) {

    /** Its body stays. */
    public TaskChange(String taskId, TaskStanding standing) {
        this(taskId, standing, Optional.empty());
    }
}
