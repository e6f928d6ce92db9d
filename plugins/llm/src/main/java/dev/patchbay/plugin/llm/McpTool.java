package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.patchbay.api.Turn;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;
import java.util.Objects;

/** A tool of a tool server. */
final class McpTool implements Tool {
    private static final int NAME_MAX = 64;
    private static final int DESCRIPTION_MAX = 4_000;

    private final ToolServer server;
    private final String ownName;
    private final ToolSpecification declared;
    private final JsonMapper json;

    McpTool(ToolServer server, McpSchema.Tool tool, JsonMapper json) {
        this.server = server;
        this.ownName = tool.name();
        this.json = json;
        String description = Objects.requireNonNullElse(tool.description(), "");
        declared = ToolSpecification.builder()
                .name(name(server.settings().name(), tool.name()))
                .description(
                        description.length() <= DESCRIPTION_MAX
                                ? description
                                : description.substring(0, DESCRIPTION_MAX))
                .parameters(ToolSchema.of(tool.inputSchema(), json))
                .build();
    }

    /** Models take letters, digits, _ and -. */
    private static String name(String server, String tool) {
        String name = (server + "_" + tool).replaceAll("[^A-Za-z0-9_-]", "_");
        return name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX);
    }

    @Override
    public ToolSpecification declared() {
        return declared;
    }

    @Override
    public String call(String arguments, Turn turn) throws InterruptedException {
        Map<String, Object> wanted;
        try {
            wanted = json.readValue(arguments, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException noJson) {
            return "Error: the arguments are no JSON object";
        }
        return server.call(ownName, wanted == null ? Map.of() : wanted);
    }
}
