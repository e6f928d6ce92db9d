package dev.patchbay.hub.task;

import dev.patchbay.hub.event.Events;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import java.util.HashMap;

/** Says how tasks go on to whoever listens. */
record TaskNews(Events events) {

    /** Ends and failures can be caught up with; how it goes on is for those who listen now. */
    void tell(OpenTask task) throws InterruptedException {
        TaskStanding now = task.standing();
        var fields = new HashMap<String, String>();
        fields.put("task_id", task.taskId());
        fields.put("session_key", task.session().toString());
        fields.put("agent_id", task.agentId());
        fields.put("status", now.state().word());
        fields.put("progress", Integer.toString(now.progress()));
        fields.put("attempts", Integer.toString(now.attempts()));
        if (now.note() != null) {
            fields.put("note", now.note());
        }
        if (now.error() != null) {
            fields.put("error", now.error());
        }
        if (now.state() == TaskState.QUEUED || now.state() == TaskState.RUNNING) {
            events.publishPassing("task.updated", null, task.session().toString(), fields);
        } else {
            events.record("task.updated", fields);
        }
    }
}
