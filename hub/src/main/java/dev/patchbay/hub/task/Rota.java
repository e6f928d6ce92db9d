package dev.patchbay.hub.task;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: agents one after the other, the tasks of each in the order in which they came, so that a thousand tasks of one
 * agent hold back nobody else's. Not safe for threads.
 */
final class Rota {
    private final int most;
    private final ToIntFunction<String> placesOf;
    private final LinkedHashMap<String, ArrayDeque<OpenTask>> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> running = new HashMap<>();
    private int inAll;

    /**
     * @param most tasks that run at once
     * @param placesOf how many of them one agent may have
     */
    Rota(int most, ToIntFunction<String> placesOf) {
        this.most = most;
        this.placesOf = placesOf;
    }

    void add(OpenTask task) {
        waiting.computeIfAbsent(task.agentId(), absent -> new ArrayDeque<>()).add(task);
    }

    void remove(OpenTask task) {
        ArrayDeque<OpenTask> queue = waiting.get(task.agentId());
        if (queue != null && queue.remove(task) && queue.isEmpty()) {
            waiting.remove(task.agentId());
        }
    }

    /** Takes the next one that may run; null if none may. To be followed by {@link #over}. */
    @Nullable
    OpenTask next() {
        if (inAll >= most) {
            return null;
        }
        Optional<String> free = waiting.keySet().stream()
                .filter(agent -> running.getOrDefault(agent, 0) < placesOf.applyAsInt(agent))
                .findFirst();
        return free.map(this::nextOf).orElse(null);
    }

    private @Nullable OpenTask nextOf(String agent) {
        ArrayDeque<OpenTask> queue = waiting.remove(agent);
        OpenTask next = queue == null ? null : queue.poll();
        if (queue != null && !queue.isEmpty()) {
            // At the end of the row.
            waiting.put(agent, queue);
        }
        running.merge(agent, 1, Integer::sum);
        inAll++;
        return next;
    }

    void over(OpenTask task) {
        running.computeIfPresent(task.agentId(), (agent, some) -> some == 1 ? null : some - 1);
        inAll--;
    }
}
