package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.command.wire.RpcClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "channels",
        header = "Show the channels; restart, pause or resume one.",
        footer = {
            "",
            "Examples:",
            "  patchbay channels",
            "  patchbay channels restart telegram",
            "  patchbay channels pause webhook --account alerts"
        })
final class ChannelsCommand implements Callable<Integer> {
    private final CommandContext context;

    ChannelsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list();
    }

    @Command(name = "list", header = "Show all channels and how they are doing.")
    int list() throws InterruptedException {
        JsonNode result = context.ask("channels.status", RpcClient.params());
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().table(table(result));
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "restart", header = "Close a channel and open it again.")
    int restart(
            @Parameters(paramLabel = "CHANNEL") String channel,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "only this account") @Nullable
                    String account)
            throws InterruptedException {
        return tell("channels.restart", channel, account, "restarted");
    }

    @Command(name = "pause", header = "Let a channel's messages wait.")
    int pause(
            @Parameters(paramLabel = "CHANNEL") String channel,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "only this account") @Nullable
                    String account)
            throws InterruptedException {
        return tell("channels.pause", channel, account, "paused");
    }

    @Command(name = "resume", header = "Let a paused channel go on.")
    int resume(
            @Parameters(paramLabel = "CHANNEL") String channel,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "only this account") @Nullable
                    String account)
            throws InterruptedException {
        return tell("channels.resume", channel, account, "resumed");
    }

    static Table table(JsonNode result) {
        var table = new Table("CHANNEL", "ACCOUNT", "STATE", "SINCE", "QUEUED", "OLDEST", "DEAD", "LAST ERROR");
        result.path("channels")
                .forEach(each -> table.row(
                        Fields.text(each, "channel"),
                        Fields.text(each, "account_id"),
                        Fields.text(each, "state"),
                        Fields.time(each, "since"),
                        Fields.text(each, "queued"),
                        each.path("queued").asLong() == 0
                                ? ""
                                : Fields.age(each.path("oldest_queued_ms").asLong()),
                        Fields.text(each, "dead"),
                        Fields.text(each, "last_error")));
        return table;
    }

    private int tell(String method, String channel, @Nullable String account, String done) throws InterruptedException {
        JsonNode result = context.ask(method, Fields.params("channel", channel, "account_id", account));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(done + " " + channel + (account == null ? "" : " " + account));
        }
        return ExitCode.DONE.number();
    }
}
