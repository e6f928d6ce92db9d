package dev.patchbay.hub.gateway.method;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.patchbay.api.Settings;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.ErrorCode;
import dev.patchbay.hub.gateway.rpc.Json;
import dev.patchbay.hub.gateway.rpc.RpcCall;
import dev.patchbay.hub.gateway.rpc.RpcException;
import dev.patchbay.hub.gateway.rpc.RpcMethod;
import dev.patchbay.hub.gateway.rpc.RpcParameter;
import dev.patchbay.hub.gateway.rpc.RpcResult;
import dev.patchbay.hub.gateway.rpc.RpcType;
import dev.patchbay.hub.routing.SessionKey;
import dev.patchbay.hub.session.Target;
import dev.patchbay.hub.store.Page;
import dev.patchbay.hub.store.TaskFilter;
import dev.patchbay.hub.store.TaskStanding;
import dev.patchbay.hub.store.TaskState;
import dev.patchbay.hub.task.Task;
import dev.patchbay.hub.task.TaskRefused;
import dev.patchbay.hub.task.TaskRequest;
import dev.patchbay.hub.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Work that agents do in the background. */
public final class TaskMethods {
    private static final Duration TIMEOUT_MAX = Duration.ofDays(365);
    private static final int TEXT_CHARS = 1_000_000;
    private static final int RETRIES_MAX = 100;
    private static final String RETURNS = "task_id, status (queued, running, retrying, done, failed, cancelled,"
            + " expired), text, agent_id, session_key, progress, note?, result?, error?, attempts, created_at,"
            + " started_at?, finished_at?, next_attempt_at?";
    private static final RpcParameter TASK_ID = Params.name("task_id", "as tasks.create has told it");

    private final Tasks tasks;
    private final String defaultAgent;

    public TaskMethods(Tasks tasks, String defaultAgent) {
        this.tasks = tasks;
        this.defaultAgent = defaultAgent;
    }

    public List<RpcMethod> all() {
        return List.of(
                RpcMethod.named("tasks.create", Access.CHAT, "Lets an agent work on something in the background.")
                        .takes(
                                RpcParameter.required("text", new RpcType.Text(TEXT_CHARS), "what is to be done"),
                                Params.maybe("agent_id", "who does it; the default agent unless said"),
                                Params.maybe("session_key", "in this session; in one of the task's own unless said"),
                                RpcParameter.optional(
                                        "timeout",
                                        new RpcType.Text(16),
                                        "for one attempt: 10m, 2h, or none, which is usual"),
                                RpcParameter.optional(
                                        "retries",
                                        new RpcType.Whole(0, RETRIES_MAX),
                                        "after failed attempts; as many as tasks.retry has waits unless said"),
                                Params.maybe(
                                        "deliver",
                                        "who gets the result: CHANNEL:ACCOUNT:KIND:PEER, last, session or none; with"
                                                + " session_key session unless said, else none"),
                                Params.IDEMPOTENCY_KEY)
                        .returns(RETURNS + ", duplicate?")
                        .by(this::create),
                RpcMethod.named("tasks.get", Access.CHAT, "Tells how far a task has come, and its result.")
                        .takes(TASK_ID)
                        .returns(RETURNS)
                        .by(call -> told(found(call, tasks.get(call.text("task_id"))))),
                RpcMethod.named("tasks.list", Access.CHAT, "Lists tasks, the newest first.")
                        .takes(
                                RpcParameter.optional(
                                        "status",
                                        new RpcType.Word(Arrays.stream(TaskState.values())
                                                .map(TaskState::word)
                                                .toList()),
                                        "in this state"),
                                Params.maybe("agent_id", "of this agent"),
                                Params.maybe("session_key", "in this session"),
                                Params.LIMIT,
                                Params.CURSOR)
                        .returns("tasks[{" + RETURNS + "}], next_cursor?")
                        .by(this::list),
                RpcMethod.named("tasks.cancel", Access.CHAT, "Ends a task; one that has ended stays as it is.")
                        .takes(TASK_ID)
                        .returns(RETURNS)
                        .by(call -> told(found(call, tasks.cancel(call.text("task_id"))))));
    }

    private RpcResult create(RpcCall call) throws RpcException, InterruptedException {
        Optional<SessionKey> session = session(call);
        String agent = call.optionalText("agent_id")
                .or(() -> session.map(SessionKey::agentId))
                .orElse(defaultAgent);
        if (session.isPresent() && !session.get().agentId().equals(agent)) {
            throw RpcException.invalid(
                    "agent_id", "the session belongs to agent " + session.get().agentId());
        }
        Tasks.Created created;
        try {
            created = tasks.create(new TaskRequest(
                    call.text("text"),
                    agent,
                    session,
                    timeout(call),
                    Optional.of(call.number("retries", -1)).filter(given -> given >= 0),
                    deliver(call, session.isPresent()),
                    call.textOrNull("idempotency_key"),
                    call.caller().name()));
        } catch (TaskRefused refused) {
            throw refused(refused);
        }
        return json -> {
            json.writeStartObject();
            write(json, created.task());
            if (created.isDuplicate()) {
                json.writeBooleanField("duplicate", true);
            }
            json.writeEndObject();
        };
    }

    private RpcResult list(RpcCall call) throws RpcException, InterruptedException {
        var filter = new TaskFilter(
                call.optionalText("status").map(word -> TaskState.valueOf(word.toUpperCase(Locale.ROOT))),
                call.optionalText("agent_id"),
                call.optionalText("session_key"));
        Page<Task> page = tasks.list(filter, Params.limit(call), Params.cursor(call));
        return json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tasks");
            for (Task each : page.items()) {
                json.writeStartObject();
                write(json, each);
                json.writeEndObject();
            }
            json.writeEndArray();
            Json.optional(json, "next_cursor", page.next().orElse(null));
            json.writeEndObject();
        };
    }

    private static RpcException refused(TaskRefused refused) {
        String why = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case INVALID -> RpcException.invalid(String.valueOf(refused.parameter()), why);
            case FULL -> RpcException.of(ErrorCode.FULL, why);
            case SHUTTING_DOWN -> RpcException.of(ErrorCode.SHUTTING_DOWN, why);
        };
    }

    private static Optional<SessionKey> session(RpcCall call) throws RpcException {
        String text = call.textOrNull("session_key");
        try {
            return text == null ? Optional.empty() : Optional.of(SessionKey.parse(text));
        } catch (IllegalArgumentException malformed) {
            throw RpcException.invalid("session_key", String.valueOf(malformed.getMessage()));
        }
    }

    private static Optional<Duration> timeout(RpcCall call) throws RpcException {
        String text = call.textOrNull("timeout");
        if (text == null || text.strip().equals("none")) {
            return Optional.empty();
        }
        Duration timeout = Settings.parseDuration(text)
                .orElseThrow(() -> RpcException.invalid("timeout", "is no duration with a unit; write 10m, or none"));
        if (timeout.isZero() || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw RpcException.invalid("timeout", "is not between 1ms and 365d");
        }
        return Optional.of(timeout);
    }

    private static Target deliver(RpcCall call, boolean hasSession) throws RpcException {
        String text = call.textOrNull("deliver");
        try {
            return text != null ? Target.parse(text) : hasSession ? Target.ASKER : Target.NOBODY;
        } catch (IllegalArgumentException malformed) {
            throw RpcException.invalid("deliver", String.valueOf(malformed.getMessage()));
        }
    }

    private static Task found(RpcCall call, Optional<Task> task) throws RpcException {
        return task.orElseThrow(() -> RpcException.of(ErrorCode.NOT_FOUND, "there is no task " + call.text("task_id")));
    }

    private static RpcResult told(Task task) {
        return json -> {
            json.writeStartObject();
            write(json, task);
            json.writeEndObject();
        };
    }

    private static void write(JsonGenerator json, Task task) throws IOException {
        TaskStanding now = task.standing();
        json.writeStringField("task_id", task.taskId());
        json.writeStringField("status", now.state().word());
        json.writeStringField("text", task.text());
        json.writeStringField("agent_id", task.agentId());
        json.writeStringField("session_key", task.sessionKey());
        json.writeNumberField("progress", now.progress());
        Json.optional(json, "note", now.note());
        Json.optional(json, "result", task.result().orElse(null));
        Json.optional(json, "error", now.error());
        json.writeNumberField("attempts", now.attempts());
        Json.time(json, "created_at", task.createdAt());
        Json.time(json, "started_at", now.startedAt());
        Json.time(json, "finished_at", now.finishedAt());
        Json.time(json, "next_attempt_at", now.nextAttemptAt());
    }
}
