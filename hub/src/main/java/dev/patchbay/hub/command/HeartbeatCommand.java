package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "heartbeat",
        header = "Show when agents speak up by themselves; let one do it now.",
        footer = {"", "Examples:", "  patchbay heartbeat", "  patchbay heartbeat run main"})
final class HeartbeatCommand implements Callable<Integer> {
    private final CommandContext context;

    HeartbeatCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return status();
    }

    @Command(name = "status", header = "Show the heartbeats of all agents, and what is in the way of one now.")
    int status() throws InterruptedException {
        JsonNode result = context.ask("heartbeat.status", RpcClient.params());
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        var table = new Table("AGENT", "ENABLED", "LAST RUN", "RESULT", "NEXT RUN", "IN THE WAY", "ERROR");
        result.path("agents")
                .forEach(each -> table.row(
                        Fields.text(each, "agent_id"),
                        Fields.text(each, "enabled"),
                        Fields.time(each, "last_run_at"),
                        Fields.text(each, "last_result"),
                        Fields.time(each, "next_run_at"),
                        Fields.text(each, "skipped_reason"),
                        Fields.text(each, "last_error")));
        context.screen().table(table);
        return ExitCode.DONE.number();
    }

    @Command(
            name = "run",
            header = "Run the heartbeat of an agent now, whatever the hour; print how it ended, and what was said.")
    int run(@Parameters(paramLabel = "AGENT") String agent) throws InterruptedException {
        JsonNode result = context.ask("heartbeat.run", Fields.params("agent_id", agent));
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        String why = Fields.text(result, "skipped_reason") + Fields.text(result, "error");
        context.screen().line(HarmlessText.line(Fields.text(result, "result") + (why.isEmpty() ? "" : ": " + why)));
        String text = Fields.text(result, "text");
        if (!text.isEmpty()) {
            context.screen().line(HarmlessText.line(text));
        }
        return ExitCode.DONE.number();
    }
}
