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
        name = "schedules",
        header = "Show, make and take away turns at given times.",
        footer = {
            "",
            "Examples:",
            "  patchbay schedules list",
            "  patchbay schedules create morning --cron '0 9 * * 1-5' --zone Europe/Berlin --deliver last 'Plan my"
                    + " day'",
            "  patchbay schedules create bake --at 2026-12-24T18:00:00+01:00 --deliver telegram:default:direct:42 \\",
            "      'Remind me of the oven'",
            "  patchbay schedules delete morning"
        })
final class SchedulesCommand implements Callable<Integer> {
    private static final int TEXT_SHOWN = 40;

    private final CommandContext context;

    SchedulesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(new ListOptions());
    }

    @Command(name = "list", header = "Show all of them, by name.")
    int list(@Mixin ListOptions piece) throws InterruptedException {
        ObjectNode params = Fields.params();
        piece.addTo(params);
        JsonNode result = context.ask("schedules.list", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        var table = new Table(
                "NAME", "SOURCE", "AGENT", "WHEN", "DELIVER", "NEXT RUN", "LAST RUN", "RESULT", "TEXT", "ERROR");
        result.path("schedules")
                .forEach(each -> table.row(
                        Fields.text(each, "name"),
                        Fields.text(each, "source"),
                        Fields.text(each, "agent_id"),
                        when(each),
                        Fields.text(each, "deliver"),
                        Fields.time(each, "next_run_at"),
                        Fields.time(each, "last_run_at"),
                        Fields.text(each, "last_result"),
                        Fields.shortened(each, "text", TEXT_SHOWN),
                        Fields.text(each, "last_error")));
        context.screen().table(table);
        ListOptions.tellOfMore(result, context);
        return ExitCode.DONE.number();
    }

    @Command(name = "create", header = "Make one; exactly one of --cron, --at and --every says when.")
    int create(
            @Parameters(paramLabel = "NAME", description = "a-z, 0-9, - and _; not taken") String name,
            @Parameters(paramLabel = "TEXT", description = "what the agent is told") String text,
            @Option(names = "--cron", paramLabel = "FIELDS", description = "minute hour day month weekday") @Nullable
                    String cron,
            @Option(names = "--at", paramLabel = "TIME", description = "once, for instance 2026-12-24T18:00:00+01:00")
                    @Nullable
                    String at,
            @Option(names = "--every", paramLabel = "TIME", description = "again and again: 30s, 5m, 6h, 7d") @Nullable
                    String every,
            @Option(names = "--zone", paramLabel = "ZONE", description = "of --cron (default: the hub's)") @Nullable
                    String zone,
            @Option(names = "--agent", paramLabel = "AGENT", description = "who is told (default: the default agent)")
                    @Nullable
                    String agent,
            @Option(
                            names = "--deliver",
                            paramLabel = "TARGET",
                            description = "who hears the answer: CHANNEL:ACCOUNT:KIND:PEER, last or none (default)")
                    @Nullable
                    String deliver)
            throws InterruptedException {
        JsonNode result = context.ask(
                "schedules.create",
                Fields.params(
                        "name", name,
                        "text", text,
                        "cron", cron,
                        "at", at,
                        "every", every,
                        "zone", zone,
                        "agent_id", agent,
                        "deliver", deliver));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(HarmlessText.line("next run " + Fields.time(result, "next_run_at")));
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "delete", header = "Take one away that was made by `create`.")
    int delete(@Parameters(paramLabel = "NAME") String name) throws InterruptedException {
        JsonNode result = context.ask("schedules.delete", Fields.params("name", name));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(HarmlessText.line("deleted " + name));
        }
        return ExitCode.DONE.number();
    }

    private static String when(JsonNode schedule) {
        String zone = Fields.text(schedule, "zone");
        return Fields.text(schedule, "cron")
                + (zone.isEmpty() ? "" : " " + zone)
                + Fields.time(schedule, "at")
                + (schedule.has("every") ? "every " + Fields.text(schedule, "every") : "");
    }
}
