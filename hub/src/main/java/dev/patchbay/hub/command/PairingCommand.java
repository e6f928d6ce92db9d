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
        name = "pairing",
        header = "Show who asks to be let in; let somebody in by the code, or out again.",
        footer = {
            "",
            "Examples:",
            "  patchbay pairing list",
            "  patchbay pairing approve K7PX2MRT",
            "  patchbay pairing revoke telegram 42",
            "  patchbay pairing revoke telegram 42 --account support"
        })
final class PairingCommand implements Callable<Integer> {
    private final CommandContext context;

    PairingCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(null, null, new ListOptions());
    }

    @Command(name = "list", header = "Show open codes and everybody who was let in by one.")
    int list(
            @Option(names = "--channel", paramLabel = "CHANNEL", description = "of this channel") @Nullable
                    String channel,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "of this account") @Nullable
                    String account,
            @Mixin ListOptions piece)
            throws InterruptedException {
        ObjectNode params = Fields.params("channel", channel, "account_id", account);
        piece.addTo(params);
        JsonNode result = context.ask("pairing.list", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        var table = new Table("CODE", "CHANNEL", "ACCOUNT", "PEER", "NAME", "ASKED", "EXPIRES", "APPROVED");
        result.path("requests").forEach(each -> row(table, each));
        result.path("approved").forEach(each -> row(table, each));
        context.screen().table(table);
        ListOptions.tellOfMore(result, context);
        return ExitCode.DONE.number();
    }

    @Command(name = "approve", header = "Let in whoever was given this code, for good; they are told.")
    int approve(@Parameters(paramLabel = "CODE") String code) throws InterruptedException {
        JsonNode result = context.ask("pairing.approve", Fields.params("code", code));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            String name = Fields.text(result, "sender_name");
            context.screen()
                    .line(HarmlessText.line("let in " + Fields.text(result, "channel") + " "
                            + Fields.text(result, "account_id") + " " + Fields.peer(result.path("peer"))
                            + (name.isEmpty() ? "" : " (" + name + ")")));
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "revoke", header = "Make somebody who was let in by a code a stranger again.")
    int revoke(
            @Parameters(paramLabel = "CHANNEL") String channel,
            @Parameters(paramLabel = "PEER") String peer,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "of this account (default: default)")
                    @Nullable
                    String account)
            throws InterruptedException {
        JsonNode result =
                context.ask("pairing.revoke", Fields.params("channel", channel, "account_id", account, "peer", peer));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(HarmlessText.line("revoked " + channel + " " + peer));
        }
        return ExitCode.DONE.number();
    }

    private static void row(Table table, JsonNode each) {
        table.row(
                Fields.text(each, "code"),
                Fields.text(each, "channel"),
                Fields.text(each, "account_id"),
                Fields.peer(each.path("peer")),
                Fields.text(each, "sender_name"),
                Fields.time(each, "asked_at"),
                Fields.time(each, "expires_at"),
                Fields.time(each, "approved_at"));
    }
}
