package dev.patchbay.hub.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a task has come.
 *
 * @param attempts begun so far
 * @param failures of those, how many ended badly; one that a kill has cut is none
 * @param progress from 0 to 100
 * @param note what its agent says of the progress; longer than 1,000 characters is cut
 * @param error why the latest attempt failed; longer than 2,000 characters is cut
 * @param startedAt when the first attempt began
 * @param nextAttemptAt while it is retrying
 * @param finishedAt once it is not open any more
 */
public record TaskStanding(
        TaskState state,
        int attempts,
        int failures,
        int progress,
        @Nullable String note,
        @Nullable String error,
        @Nullable Instant startedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant finishedAt) {
    /** Nothing has happened yet. */
    public static final TaskStanding NEW = new TaskStanding(TaskState.QUEUED, 0, 0, 0, null, null, null, null, null);
}
