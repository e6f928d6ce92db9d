package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "deliveries",
        header = "Show messages on their way out; retry or discard those that died.",
        footer = {
            "",
            "Examples:",
            "  patchbay deliveries list --state dead",
            "  patchbay deliveries show ID",
            "  patchbay deliveries retry ID",
            "  patchbay deliveries retry --all --channel telegram",
            "  patchbay deliveries discard ID"
        })
final class DeliveriesCommand implements Callable<Integer> {
    private final CommandContext context;

    /** Which deliveries. Filled in by picocli. */
    static final class Selection {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "pending, sending, delivered, dead, expired or discarded")
        private @Nullable String state;

        @Option(names = "--channel", paramLabel = "CHANNEL", description = "of this channel")
        private @Nullable String channel;

        @Option(names = "--account", paramLabel = "ACCOUNT", description = "of this account")
        private @Nullable String account;

        @Option(names = "--to", paramLabel = "PEER", description = "to this peer")
        private @Nullable String to;

        private ObjectNode params() {
            return Fields.params("state", state, "channel", channel, "account_id", account, "to", to);
        }
    }

    DeliveriesCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(new Selection(), new ListOptions());
    }

    @Command(name = "list", header = "Show deliveries, the newest first.")
    int list(@Mixin Selection selection, @Mixin ListOptions piece) throws InterruptedException {
        ObjectNode params = selection.params();
        piece.addTo(params);
        JsonNode result = context.ask("deliveries.list", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        var table = new Table("DELIVERY", "STATE", "CHANNEL", "ACCOUNT", "TO", "ATTEMPTS", "CREATED", "LAST ERROR");
        result.path("deliveries")
                .forEach(each -> table.row(
                        Fields.text(each, "delivery_id"),
                        Fields.text(each, "state"),
                        Fields.text(each, "channel"),
                        Fields.text(each, "account_id"),
                        Fields.text(each, "to"),
                        Fields.text(each, "attempts"),
                        Fields.time(each, "created_at"),
                        Fields.text(each, "last_error")));
        context.screen().table(table);
        ListOptions.tellOfMore(result, context);
        return ExitCode.DONE.number();
    }

    @Command(name = "show", header = "Show one delivery and its way through the hub.")
    int show(@Parameters(paramLabel = "DELIVERY") String id) throws InterruptedException {
        ObjectNode all;
        try (var hub = new RpcClient(context.address())) {
            JsonNode found = CommandContext.ask(hub, "deliveries.list", Fields.params("delivery_id", id))
                    .path("deliveries")
                    .path(0);
            if (!(found instanceof ObjectNode delivery)) {
                throw new Failure(
                        ExitCode.FAILED, "there is no delivery " + id, "`patchbay deliveries list` shows the latest");
            }
            all = delivery;
            all.set(
                    "steps",
                    CommandContext.ask(hub, "messages.trace", Fields.params("delivery_id", id))
                            .path("steps"));
        }
        if (context.options().isJson()) {
            context.screen().json(all);
            return ExitCode.DONE.number();
        }
        all.properties().stream()
                .filter(field -> !field.getKey().equals("steps"))
                .forEach(field -> context.screen()
                        .line("%-18s %s".formatted(field.getKey(), HarmlessText.line(shown(field.getValue())))));
        context.screen().line("");
        var steps = new Table("AT", "STEP", "DETAILS");
        all.path("steps").forEach(step -> steps.row(Fields.time(step, "at"), Fields.text(step, "step"), details(step)));
        context.screen().table(steps);
        return ExitCode.DONE.number();
    }

    @Command(name = "retry", header = "Try deliveries again now: one, or --all of those that match.")
    int retry(
            @Parameters(arity = "0..1", paramLabel = "DELIVERY") @Nullable String id,
            @Option(names = "--all", description = "all that match the other options") boolean isAll,
            @Mixin Selection selection)
            throws InterruptedException {
        return change("deliveries.retry", id, isAll, selection, "to be tried again");
    }

    @Command(name = "discard", header = "Give deliveries up: one, or --all of those that match.")
    int discard(
            @Parameters(arity = "0..1", paramLabel = "DELIVERY") @Nullable String id,
            @Option(names = "--all", description = "all that match the other options") boolean isAll,
            @Mixin Selection selection)
            throws InterruptedException {
        return change("deliveries.discard", id, isAll, selection, "discarded");
    }

    private int change(String method, @Nullable String id, boolean isAll, Selection selection, String done)
            throws InterruptedException {
        ObjectNode params = selection.params();
        if ((id == null) == (!isAll && params.isEmpty()) || (id != null && isAll)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "which deliveries?",
                    "name one DELIVERY, or choose with --state, --channel, --account, --to, or all with --all");
        }
        if (id != null) {
            params.put("delivery_id", id);
        } else if (isAll) {
            params.put("all", true);
        }
        JsonNode result = context.ask(method, params);
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(Fields.text(result, "count") + " " + done);
        }
        return ExitCode.DONE.number();
    }

    private static String details(JsonNode step) {
        var details = new StringBuilder();
        step.properties().stream()
                .filter(field ->
                        !field.getKey().equals("step") && !field.getKey().equals("at"))
                .forEach(field -> details.append(field.getKey())
                        .append('=')
                        .append(shown(field.getValue()))
                        .append(' '));
        return details.toString().strip();
    }

    private static String shown(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
