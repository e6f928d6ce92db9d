package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.Failure;
import dev.patchbay.hub.command.screen.HarmlessText;
import dev.patchbay.hub.command.screen.Table;
import dev.patchbay.hub.command.wire.RpcClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sessions",
        header = "Show conversations; show, export or delete one.",
        footer = {
            "",
            "Examples:",
            "  patchbay sessions",
            "  patchbay sessions show agent:main:cli:direct:anna",
            "  patchbay sessions export agent:main:cli:direct:anna --out anna.jsonl",
            "  patchbay sessions delete agent:main:cli:direct:anna"
        })
final class SessionsCommand implements Callable<Integer> {
    private final CommandContext context;

    SessionsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(false, new ListOptions());
    }

    @Command(name = "list", header = "Show all conversations, the latest first.")
    int list(
            @Option(names = "--archived", description = "those that /new has put away") boolean isArchived,
            @Mixin ListOptions piece)
            throws InterruptedException {
        ObjectNode params = RpcClient.params();
        if (isArchived) {
            params.put("archived", true);
        }
        piece.addTo(params);
        JsonNode result = context.ask("sessions.list", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        var table =
                new Table("SESSION", "AGENT", "CHANNEL", "ACCOUNT", "PEER", "MESSAGES", "TOKENS", "UPDATED", "ARCHIVE");
        result.path("sessions")
                .forEach(each -> table.row(
                        Fields.text(each, "session_key"),
                        Fields.text(each, "agent_id"),
                        Fields.text(each, "channel"),
                        Fields.text(each, "account_id"),
                        Fields.peer(each.path("peer")),
                        Fields.text(each, "message_count"),
                        Long.toString(each.path("input_tokens").asLong()
                                + each.path("output_tokens").asLong()),
                        Fields.time(each, "updated_at"),
                        Fields.text(each, "archive_id")));
        context.screen().table(table);
        ListOptions.tellOfMore(result, context);
        return ExitCode.DONE.number();
    }

    @Command(name = "show", header = "Show the latest messages of a conversation.")
    int show(
            @Parameters(paramLabel = "SESSION") String key,
            @Option(names = "--archive", paramLabel = "ARCHIVE", description = "the one that was put away as this")
                    @Nullable
                    String archive,
            @Mixin ListOptions piece)
            throws InterruptedException {
        ObjectNode params = Fields.params("session_key", key, "archive_id", archive);
        piece.addTo(params);
        JsonNode result = context.ask("chat.history", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        result.path("messages").forEach(this::print);
        ListOptions.tellOfMore(result, context);
        return ExitCode.DONE.number();
    }

    @Command(
            name = "export",
            header = "Write a whole conversation, one JSON object per line, the oldest message first.")
    int export(
            @Parameters(paramLabel = "SESSION") String key,
            @Option(names = "--out", paramLabel = "FILE", description = "into this file (default: standard output)")
                    @Nullable
                    Path file)
            throws InterruptedException {
        try (var hub = new RpcClient(context.address());
                var transcript = new TranscriptExport()) {
            transcript.fetch(hub, key);
            if (file == null) {
                transcript.write(context.surroundings().out());
            } else {
                writeTo(context.surroundings().workingDirectory().resolve(file), transcript);
            }
        } catch (IOException trouble) {
            throw new Failure(
                    ExitCode.FAILED,
                    "the conversation could not be written: " + trouble.getMessage(),
                    "is there room, and may you write there?",
                    trouble);
        }
        return ExitCode.DONE.number();
    }

    @Command(name = "delete", header = "Delete a conversation with all its messages.")
    int delete(@Parameters(paramLabel = "SESSION") String key) throws InterruptedException {
        JsonNode result = context.ask("sessions.delete", Fields.params("session_key", key));
        if (context.options().isJson()) {
            context.screen().json(result);
        } else {
            context.screen().line("deleted " + HarmlessText.line(key));
        }
        return ExitCode.DONE.number();
    }

    private void print(JsonNode message) {
        String role = Fields.text(message, "role");
        String error = Fields.text(message.path("metadata"), "error");
        context.screen()
                .line(context.dim(HarmlessText.line(Fields.time(message, "timestamp"))) + " "
                        + context.screen().paint(Colour.BOLD, HarmlessText.line(role)));
        context.screen().line(HarmlessText.of(Fields.text(message, "content")));
        if (!error.isEmpty()) {
            context.screen().line(context.screen().paint(Colour.RED, "failed: " + HarmlessText.line(error)));
        }
    }

    private static void writeTo(Path file, TranscriptExport transcript) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            transcript.write(out);
        }
    }
}
