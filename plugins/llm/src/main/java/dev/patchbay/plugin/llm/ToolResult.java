package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.stream.Collectors;

/** What a tool has answered, as text for the model. */
final class ToolResult {
    private static final int LENGTH_MAX = 100_000;

    private ToolResult() {}

    static String text(McpSchema.CallToolResult result) {
        String said = result.content() == null
                ? ""
                : result.content().stream().map(ToolResult::text).collect(Collectors.joining("\n"));
        if (said.isBlank() && result.structuredContent() != null) {
            said = json(result.structuredContent());
        }
        String text = said.isBlank() ? "(no output)" : said;
        if (text.length() > LENGTH_MAX) {
            text = text.substring(0, LENGTH_MAX) + "\n[… " + (text.length() - LENGTH_MAX) + " characters left out …]";
        }
        return Boolean.TRUE.equals(result.isError()) ? "Error: " + text : text;
    }

    private static String text(McpSchema.Content content) {
        return content instanceof McpSchema.TextContent text ? text.text() : "[" + content.type() + " left out]";
    }

    private static String json(Object structured) {
        try {
            return new JsonMapper().writeValueAsString(structured);
        } catch (JsonProcessingException odd) {
            return "";
        }
    }
}
