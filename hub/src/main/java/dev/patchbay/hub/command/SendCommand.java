package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.wire.HubNotReached;
import dev.patchbay.hub.command.wire.RpcClient;
import dev.patchbay.hub.command.wire.RpcFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "send",
        header = "Queue one message.",
        description = {
            "Prints its delivery id once it is stored; `patchbay deliveries show ID` tells what became of it.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  patchbay send --channel telegram --to 42 'The build is green'",
            "  patchbay send --channel telegram --to 42 --file report.pdf 'Here it is'",
            "  patchbay send --channel telegram --to 42 --button Yes=/ship --button No=/wait 'Ship it?'",
            "  patchbay send --channel discord --to channel:200 --ttl 1h 'Standup in five minutes'",
            "  df -h | patchbay send --channel telegram --to 42 -"
        })
final class SendCommand implements Callable<Integer> {
    private static final int TEXT_BYTES_MAX = 10 << 20;

    private final CommandContext context;

    @Option(names = "--channel", required = true, paramLabel = "CHANNEL", description = "for instance telegram")
    private @Nullable String channel;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "which account of the channel (default)")
    private @Nullable String account;

    @Option(names = "--to", required = true, paramLabel = "PEER", description = "the peer's id, or KIND:ID")
    private @Nullable String to;

    @Option(names = "--thread", paramLabel = "ID", description = "the thread to write into")
    private @Nullable String thread;

    @Option(names = "--reply-to", paramLabel = "ID", description = "the platform's message that this answers")
    private @Nullable String replyTo;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "not worth sending any more after this: 30s, 5m, 2h, 7d")
    private @Nullable String ttl;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "the same key twice queues one message (default: a new one)")
    private @Nullable String idempotencyKey;

    @Parameters(paramLabel = "TEXT", description = "what to say; - reads it from standard input")
    private @Nullable String text;

    @Option(names = "--file", paramLabel = "PATH", description = "send this file along; may be given several times")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--button",
            paramLabel = "TEXT=DATA",
            description = "a button that says DATA when pressed; may be given several times")
    private List<String> buttons = new ArrayList<>();

    SendCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var params = Fields.params(
                "channel", channel,
                "account_id", account,
                "to", to,
                "text", "-".equals(text) ? standardInput() : text,
                "thread_id", thread,
                "reply_to", replyTo,
                "ttl", ttl,
                "idempotency_key", idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey);
        JsonNode result;
        try (var hub = new RpcClient(context.address())) {
            for (String each : buttons) {
                int sign = each.indexOf('=');
                params.withArray("buttons")
                        .addObject()
                        .put("text", sign < 0 ? each : each.substring(0, sign))
                        .put("data", each.substring(sign + 1));
            }
            for (Path each : files) {
                params.withArray("attachments").add(upload(hub, each));
            }
            result = CommandContext.ask(hub, "messages.send", params);
        }
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line(Fields.text(result, "delivery_id"));
        }
        return ExitCode.DONE.number();
    }

    /** What the message says of the file. */
    private ObjectNode upload(RpcClient hub, Path file) throws InterruptedException {
        Path there = context.surroundings().workingDirectory().resolve(file);
        try {
            return hub.upload(there);
        } catch (FileNotFoundException missing) {
            throw new Failure(ExitCode.FAILED, file + " cannot be read", "name a file that is there", missing);
        } catch (RpcFailure no) {
            throw no.asFailure(hub.address());
        } catch (HubNotReached nobody) {
            throw nobody.asFailure();
        }
    }

    private String standardInput() {
        try {
            byte[] bytes = context.surroundings().in().readNBytes(TEXT_BYTES_MAX + 1);
            if (bytes.length > TEXT_BYTES_MAX) {
                throw new Failure(ExitCode.FAILED, "the text is longer than 10 MB", "send less of it");
            }
            return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        } catch (IOException broken) {
            throw new Failure(ExitCode.FAILED, "standard input cannot be read", "give the text as an argument", broken);
        }
    }
}
