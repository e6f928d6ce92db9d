package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.hub.command.screen.Colour;
import dev.patchbay.hub.command.screen.ExitCode;
import dev.patchbay.hub.command.screen.HarmlessText;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "recall",
        header = "Find what was said, in all conversations.",
        description = "All words must occur, in any order; English words in any of their forms.",
        footer = {
            "",
            "Examples:",
            "  patchbay recall train berlin",
            "  patchbay recall 北京烤鸭 --agent main",
            "  patchbay recall invoice --session agent:main:cli:direct:anna --limit 50"
        })
final class RecallCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(arity = "1..*", paramLabel = "WORD", description = "what to look for")
    private String[] words = {};

    @Option(names = "--session", paramLabel = "SESSION", description = "in this conversation")
    private @Nullable String session;

    @Option(names = "--agent", paramLabel = "AGENT", description = "with this agent")
    private @Nullable String agent;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 10, most: 100)")
    private @Nullable Integer limit;

    RecallCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode params = Fields.params("query", String.join(" ", words), "session_key", session, "agent_id", agent);
        if (limit != null) {
            params.put("limit", limit);
        }
        JsonNode result = context.ask("memory.recall", params);
        if (context.options().isJson()) {
            context.screen().json(result);
            return ExitCode.DONE.number();
        }
        result.path("matches").forEach(this::print);
        if (!result.path("complete").asBoolean()) {
            context.screen().note("The index is not complete at the moment; there may be more.");
        }
        return ExitCode.DONE.number();
    }

    private void print(JsonNode match) {
        context.screen()
                .line(context.dim(HarmlessText.line(Fields.time(match, "timestamp"))) + " "
                        + context.screen().paint(Colour.BOLD, HarmlessText.line(Fields.text(match, "role"))) + " "
                        + HarmlessText.line(Fields.text(match, "session_key")));
        context.screen().line("  " + HarmlessText.line(Fields.text(match, "snippet")));
    }
}
