package dev.patchbay.hub.task;

import dev.patchbay.hub.store.TaskRetention;
import java.time.Duration;
import java.util.List;

/**
 * How tasks are treated.
 *
 * @param retry the wait after the first failed attempt, the second, and so on: as many retries as there are at most
 * @param maxRunning at once, of all agents together
 * @param queueLimit that have not ended
 * @param ttl a task that has not ended by then expires
 */
public record TaskRules(List<Duration> retry, int maxRunning, int queueLimit, Duration ttl, TaskRetention keep) {
    public TaskRules {
        retry = List.copyOf(retry);
    }
}
