package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;

/** Asks for one list and shows it. */
abstract sealed class ListCommand implements Callable<Integer> {
    private final CommandContext context;
    private final String method;

    private ListCommand(CommandContext context, String method) {
        this.context = context;
        this.method = method;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list();
    }

    @Command(name = "list", header = "Show all of them.")
    int list() throws InterruptedException {
        JsonNode result = context.ask(method, RpcClient.params());
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().table(table(result));
        }
        return ExitCode.DONE.number();
    }

    abstract Table table(JsonNode result);

    @Command(name = "agents", header = "Show who answers.")
    static final class Agents extends ListCommand {
        Agents(CommandContext context) {
            super(context, "agents.list");
        }

        @Override
        Table table(JsonNode result) {
            var table = new Table("AGENT", "TYPE", "STATE", "RUNNING", "AT MOST", "WORKERS", "FALLBACK", "REASON");
            result.path("agents")
                    .forEach(each -> table.row(
                            Fields.text(each, "agent_id"),
                            Fields.text(each, "type"),
                            Fields.text(each, "state"),
                            Fields.text(each, "running"),
                            Fields.text(each, "max_concurrent"),
                            workers(each),
                            Fields.text(each, "fallback"),
                            Fields.text(each, "reason")));
            return table;
        }

        /** {@code 4711 (38 MB), 4712}: processes and their memory; empty for agents that have none. */
        private static String workers(JsonNode agent) {
            return StreamSupport.stream(agent.path("workers").spliterator(), false)
                    .map(each -> Fields.text(each, "pid")
                            + (each.has("resident_bytes")
                                    ? " (" + (each.path("resident_bytes").asLong() >> 20) + " MB)"
                                    : ""))
                    .collect(Collectors.joining(", "));
        }
    }
}
