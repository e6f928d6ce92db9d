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
            var table = new Table(
                    "AGENT",
                    "TYPE",
                    "STATE",
                    "RUNNING",
                    "AT MOST",
                    "TOKENS TODAY",
                    "COST TODAY",
                    "COST THIS MONTH",
                    "BUDGET",
                    "WORKERS",
                    "FALLBACK",
                    "REASON");
            result.path("agents")
                    .forEach(each -> table.row(
                            Fields.text(each, "agent_id"),
                            Fields.text(each, "type"),
                            Fields.text(each, "state"),
                            Fields.text(each, "running"),
                            Fields.text(each, "max_concurrent"),
                            Fields.text(each, "tokens_today"),
                            cost(each, "cost_today"),
                            cost(each, "cost_month"),
                            budgets(each),
                            workers(each),
                            Fields.text(each, "fallback"),
                            Fields.text(each, "reason")));
            return table;
        }

        /** {@code 0.42 USD}; empty without a price. */
        private static String cost(JsonNode agent, String name) {
            return agent.has(name) ? plain(agent, name) + " " + Fields.text(agent, "currency") : "";
        }

        private static String plain(JsonNode of, String name) {
            return of.path(name).decimalValue().stripTrailingZeros().toPlainString();
        }

        /** {@code daily 0.42 of 1, monthly spent until 2026-04-01T00:00:00Z}; empty for agents that have none. */
        private static String budgets(JsonNode agent) {
            return StreamSupport.stream(agent.path("budgets").spliterator(), false)
                    .map(each -> Fields.text(each, "budget") + " "
                            + (Fields.text(each, "state").equals("spent")
                                    ? "spent until " + Fields.text(each, "resets_at")
                                    : plain(each, "spent") + " of "
                                            + plain(each, "limit")
                                            + (Fields.text(each, "state").equals("warning") ? " (!)" : "")))
                    .collect(Collectors.joining(", "));
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
