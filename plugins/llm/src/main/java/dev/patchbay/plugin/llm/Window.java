package dev.patchbay.plugin.llm;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.patchbay.plugin.llm.ModelCalls.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one turn's requests, never more than fit: what gives way are older lines first, then older tool calls together with
 * their results, then the length of the last results. For one thread.
 */
final class Window {
    private static final int RESULT_TOKENS_MIN = 20;

    private final int tokensMax;
    private final String system;
    private final String summary;
    private final List<ChatMessage> lines;
    private final UserMessage asked;
    private final List<ToolSpecification> tools;
    private final List<Round> rounds = new ArrayList<>();
    private boolean hasDroppedLines;

    /** A call of tools and what came of it; they stay together. */
    private record Round(AiMessage call, List<ToolExecutionResultMessage> results) {
        List<ChatMessage> messages() {
            var messages = new ArrayList<ChatMessage>(List.of(call));
            messages.addAll(results);
            return messages;
        }
    }

    Window(int tokensMax, String system, Past.Remembered past, UserMessage asked, List<ToolSpecification> tools) {
        this.tokensMax = tokensMax;
        this.system = system;
        this.summary = past.summary();
        this.lines = new ArrayList<>(past.lines());
        this.asked = asked;
        this.tools = tools;
    }

    void add(AiMessage call, List<ToolExecutionResultMessage> results) {
        rounds.add(new Round(call, List.copyOf(results)));
    }

    Request request() {
        while (tokens() > tokensMax && !lines.isEmpty()) {
            lines.removeFirst();
            while (!lines.isEmpty() && !(lines.getFirst() instanceof UserMessage)) {
                lines.removeFirst();
            }
            hasDroppedLines = true;
        }
        while (tokens() > tokensMax && rounds.size() > 1) {
            rounds.removeFirst();
        }
        if (tokens() > tokensMax && !rounds.isEmpty()) {
            shortenResults();
        }
        return request(rounds);
    }

    private int tokens() {
        return request(rounds).tokens();
    }

    private void shortenResults() {
        Round last = rounds.removeLast();
        var empty = last.results().stream().map(each -> with(each, "")).toList();
        int room = tokensMax - request(List.of(new Round(last.call(), empty))).tokens();
        int each = Math.max(RESULT_TOKENS_MIN, room / Math.max(1, last.results().size()));
        rounds.add(new Round(
                last.call(),
                last.results().stream()
                        .map(result -> with(result, TokenEstimate.cut(result.text(), each)))
                        .toList()));
    }

    private static ToolExecutionResultMessage with(ToolExecutionResultMessage result, String text) {
        return ToolExecutionResultMessage.from(result.id(), result.toolName(), text);
    }

    private Request request(List<Round> with) {
        var messages = new ArrayList<ChatMessage>();
        String said = systemText();
        if (!said.isBlank()) {
            messages.add(SystemMessage.from(said));
        }
        messages.addAll(lines);
        messages.add(asked);
        with.forEach(round -> messages.addAll(round.messages()));
        return new Request(messages, tools);
    }

    private String systemText() {
        var text = new StringBuilder(system);
        if (!summary.isEmpty()) {
            text.append(text.isEmpty() ? "" : "\n\n")
                    .append("What was said earlier in this conversation: ")
                    .append(summary);
        }
        if (hasDroppedLines && !summary.endsWith(Past.LEFT_OUT)) {
            text.append(text.isEmpty() ? "" : "\n\n").append(Past.LEFT_OUT);
        }
        return text.toString();
    }
}
