package dev.patchbay.hub;

import dev.patchbay.hub.agent.Agents;
import dev.patchbay.hub.config.HubConfig;
import dev.patchbay.hub.delivery.Deliveries;
import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.lane.World;
import dev.patchbay.hub.metrics.Meters;
import dev.patchbay.hub.session.Inbox;
import dev.patchbay.hub.session.Targets;
import dev.patchbay.hub.store.Store;
import dev.patchbay.hub.store.StoreException;
import dev.patchbay.hub.store.TaskRetention;
import dev.patchbay.hub.store.TaskState;
import dev.patchbay.hub.task.TaskRules;
import dev.patchbay.hub.task.Tasks;
import java.time.Duration;
import java.util.Map;

/** Builds what has to do with tasks. */
final class TaskRoom {
    private TaskRoom() {}

    static Tasks open(
            HubConfig config,
            Store store,
            Agents agents,
            Inbox inbox,
            Deliveries deliveries,
            Events events,
            World world) {
        var targets = new Targets(inbox.lastPeers(), store, deliveries);
        return new Tasks(
                new Tasks.Means(store, agents, inbox.ownTurns(), targets, events), rules(config.tasks()), world);
    }

    static void watch(Meters meters, Store store) {
        for (TaskState each : TaskState.values()) {
            meters.gauge("patchbay_tasks", Map.of("state", each.word()), () -> count(store, each));
        }
    }

    private static TaskRules rules(HubConfig.Tasks tasks) {
        return new TaskRules(
                tasks.retry(),
                tasks.maxRunning(),
                tasks.queueLimit(),
                tasks.ttl(),
                new TaskRetention(Duration.ofDays(tasks.keepDays()), tasks.keepCount(), tasks.keepBytes()));
    }

    private static double count(Store store, TaskState state) {
        try {
            return store.taskCounts().getOrDefault(state, 0L);
        } catch (StoreException unreadable) {
            return Double.NaN;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }
}
