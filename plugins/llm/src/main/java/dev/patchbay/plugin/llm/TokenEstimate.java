package dev.patchbay.plugin.llm;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.Objects;

/**
 * How many tokens a request costs, rather too many than too few: a token per four characters of the JSON that goes out, one per
 * Chinese, Japanese or Korean character.
 */
final class TokenEstimate {
    /** What is around the messages of a request: the model's name, options. */
    static final int REQUEST = 60;

    private static final int MESSAGE = 10;
    private static final int TOOL_CALL = 30;
    private static final int TOOL_DECLARED = 20;
    private static final int PICTURE = 1_000;
    private static final char EAST_ASIA = '\u2E80';

    private TokenEstimate() {}

    static int of(String text) {
        return tokens(quarters(text, 0, text.length()));
    }

    private static long quarters(String text, int from, int to) {
        long quarters = 0;
        for (int i = from; i < to; i++) {
            quarters += quarters(text.charAt(i));
        }
        return quarters;
    }

    private static int quarters(char each) {
        if (each < ' ') {
            return each == '\n' || each == '\r' || each == '\t' ? 2 : 6;
        }
        if (each == '"' || each == '\\') {
            return 2;
        }
        if (each < 0x80) {
            return 1;
        }
        return each < EAST_ASIA ? 2 : 4;
    }

    private static int tokens(long quarters) {
        return (int) Math.min(Integer.MAX_VALUE / 4, (quarters + 3) / 4);
    }

    static int of(ChatMessage message) {
        return MESSAGE
                + switch (message) {
                    case SystemMessage system -> of(system.text());
                    case UserMessage user ->
                        user.contents().stream().mapToInt(TokenEstimate::of).sum();
                    case AiMessage said ->
                        of(Objects.requireNonNullElse(said.text(), ""))
                                + said.toolExecutionRequests().stream()
                                        .mapToInt(TokenEstimate::of)
                                        .sum();
                    case ToolExecutionResultMessage result -> TOOL_CALL + of(result.text()) + of(result.id());
                    default -> of(message.toString());
                };
    }

    static int of(List<ChatMessage> messages) {
        return messages.stream().mapToInt(TokenEstimate::of).sum();
    }

    static int ofTools(List<ToolSpecification> tools) {
        return tools.stream()
                .mapToInt(tool -> TOOL_DECLARED + of(tool.toJson()))
                .sum();
    }

    private static int of(Content content) {
        return content instanceof TextContent text ? of(text.text()) : PICTURE;
    }

    private static int of(ToolExecutionRequest call) {
        return TOOL_CALL + of(call.name()) + of(call.arguments()) + of(call.id());
    }

    /** The text as far as it fits, its beginning and its end, with a mark where something is missing. */
    static String cut(String text, int tokensMax) {
        if (of(text) <= tokensMax) {
            return text;
        }
        String mark = "\n[… left out …]\n";
        long half = Math.max(0, (tokensMax - of(mark)) * 4L / 2);
        int head = 0;
        for (long used = 0; head < text.length() && used + quarters(text.charAt(head)) <= half; head++) {
            used += quarters(text.charAt(head));
        }
        int tail = text.length();
        for (long used = 0; tail > head && used + quarters(text.charAt(tail - 1)) <= half; tail--) {
            used += quarters(text.charAt(tail - 1));
        }
        if (head > 0 && Character.isHighSurrogate(text.charAt(head - 1))) {
            head--;
        }
        if (tail < text.length() && Character.isLowSurrogate(text.charAt(tail))) {
            tail++;
        }
        return text.substring(0, head) + mark + text.substring(tail);
    }
}
