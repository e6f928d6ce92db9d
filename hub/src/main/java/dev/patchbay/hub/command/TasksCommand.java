package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "tasks",
        header = "Let agents work in the background; show, create or cancel tasks.",
        footer = {
            "",
            "Examples:",
            "  patchbay tasks create 'Summarise the logs of today'",
            "  patchbay tasks create --agent main --deliver telegram:default:direct:42 --retries 1 'Check the backups'",
            "  patchbay tasks list --status running",
            "  patchbay tasks show ID",
            "  patchbay tasks cancel ID"
        })
final class TasksCommand implements Callable<Integer> {
    private static final int SHOWN_CHARS = 60;

    private final CommandContext context;

    TasksCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(null, null, null, new ListOptions());
    }

    @Command(name = "list", header = "Show tasks, the newest first.")
    int list(
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            description = "queued, running, retrying, done, failed, cancelled or expired")
                    @Nullable
                    String status,
            @Option(names = "--agent", paramLabel = "AGENT", description = "of this agent") @Nullable String agent,
            @Option(names = "--session", paramLabel = "SESSION", description = "in this session") @Nullable
                    String session,
            @Mixin ListOptions piece)
            throws InterruptedException {
        ObjectNode params = Fields.params("status", status, "agent_id", agent, "session_key", session);
        piece.addTo(params);
        JsonNode result = context.ask("tasks.list", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        var table = new Table("TASK", "STATUS", "AGENT", "PROGRESS", "ATTEMPTS", "CREATED", "TEXT", "ERROR");
        result.path("tasks")
                .forEach(each -> table.row(
                        Fields.text(each, "task_id"),
                        Fields.text(each, "status"),
                        Fields.text(each, "agent_id"),
                        Fields.text(each, "progress") + "%",
                        Fields.text(each, "attempts"),
                        Fields.time(each, "created_at"),
                        Fields.shortened(each, "text", SHOWN_CHARS),
                        Fields.text(each, "error")));
        context.screen().table(table);
        ListOptions.tellOfMore(result, context);
        return ExitCode.DONE.number();
    }

    @Command(name = "show", header = "Show one task and its result.")
    int show(@Parameters(paramLabel = "TASK") String id) throws InterruptedException {
        return told(context.ask("tasks.get", Fields.params("task_id", id)));
    }

    @Command(name = "create", header = "Let an agent work on something; prints the task's id.")
    int create(
            @Parameters(paramLabel = "TEXT", description = "what is to be done") String text,
            @Option(names = "--agent", paramLabel = "AGENT", description = "who does it (default: the default agent)")
                    @Nullable
                    String agent,
            @Option(names = "--session", paramLabel = "SESSION", description = "in this session") @Nullable
                    String session,
            @Option(names = "--timeout", paramLabel = "TIME", description = "for one attempt: 10m, 2h (default: none)")
                    @Nullable
                    String timeout,
            @Option(names = "--retries", paramLabel = "COUNT", description = "after failed attempts") @Nullable
                    Integer retries,
            @Option(
                            names = "--deliver",
                            paramLabel = "TARGET",
                            description = "who gets the result: CHANNEL:ACCOUNT:KIND:PEER, last, session or none")
                    @Nullable
                    String deliver,
            @Option(names = "--idempotency-key", paramLabel = "KEY", description = "the same key twice makes one task")
                    @Nullable
                    String idempotencyKey)
            throws InterruptedException {
        ObjectNode params = Fields.params(
                "text", text,
                "agent_id", agent,
                "session_key", session,
                "timeout", timeout,
                "deliver", deliver,
                "idempotency_key", idempotencyKey);
        if (retries != null) {
            params.put("retries", retries);
        }
        JsonNode result = context.ask("tasks.create", params);
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(Fields.text(result, "task_id"));
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "cancel", header = "End a task; one that has ended stays as it is.")
    int cancel(@Parameters(paramLabel = "TASK") String id) throws InterruptedException {
        JsonNode result = context.ask("tasks.cancel", Fields.params("task_id", id));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(HarmlessText.line(id) + " is " + Fields.text(result, "status"));
        }
        return ExitCode.DONE.number();
    }

    private int told(JsonNode task) {
        if (context.options().isJson()) {
            context.screen().json(task);
            return ExitCode.DONE.number();
        }
        task.properties().stream()
                .filter(field -> !field.getKey().equals("result"))
                .forEach(field -> context.screen()
                        .line("%-18s %s"
                                .formatted(
                                        field.getKey(),
                                        HarmlessText.line(field.getValue().asText()))));
        if (task.has("result")) {
            context.screen().line("");
            context.screen().line(HarmlessText.of(Fields.text(task, "result")));
        }
        return ExitCode.DONE.number();
    }
}
