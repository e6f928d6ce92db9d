package dev.patchbay.hub.store;

import java.util.List;

/** The states as numbers, which stand in databases: never renumber. */
final class TaskCode {
    private static final List<TaskState> STATES = List.of(
            TaskState.QUEUED,
            TaskState.RUNNING,
            TaskState.RETRYING,
            TaskState.DONE,
            TaskState.FAILED,
            TaskState.CANCELLED,
            TaskState.EXPIRED);

    private TaskCode() {}

    static int of(TaskState state) {
        return STATES.indexOf(state);
    }

    static TaskState state(int code) {
        return STATES.get(code);
    }
}
