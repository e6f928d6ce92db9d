package dev.patchbay.hub.task;

import dev.patchbay.hub.store.StoredTask;
import dev.patchbay.hub.store.TaskStanding;
import java.time.Instant;
import java.util.Optional;

/**
 * A task as people see it.
 *
 * @param sessionKey the session it is done in
 * @param result what its agent has said, once it is done
 */
public record Task(
        String taskId,
        String agentId,
        String sessionKey,
        String text,
        Optional<String> result,
        Instant createdAt,
        TaskStanding standing) {

    static Task of(StoredTask stored) {
        TaskBody body = TaskBody.fromJson(stored.body());
        return new Task(
                stored.taskId(),
                stored.agentId(),
                stored.sessionKey(),
                body.text(),
                body.result(),
                stored.createdAt(),
                stored.standing());
    }
}
