package dev.patchbay.plugin.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.patchbay.api.AgentHost;
import dev.patchbay.api.Recollection;
import dev.patchbay.api.Turn;
import java.util.List;
import java.util.stream.Collectors;

/** Lets a model look for what was said before. */
final class MemoryTool implements Tool {
    static final String NAME = "memory_recall";

    private static final int LIMIT = 5;
    private static final int LIMIT_MAX = 20;

    private final AgentHost host;
    private final JsonMapper json = new JsonMapper();

    MemoryTool(AgentHost host) {
        this.host = host;
    }

    @Override
    public ToolSpecification declared() {
        return ToolSpecification.builder()
                .name(NAME)
                .description(
                        "Finds what was said in earlier conversations. All words of the query must occur in a message;"
                                + " try fewer or other words if nothing is found.")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("query", "a few plain words")
                        .addIntegerProperty("limit", "how many messages at most, from 1 to " + LIMIT_MAX)
                        .required("query")
                        .build())
                .build();
    }

    @Override
    public String call(String arguments, Turn turn) throws InterruptedException {
        JsonNode wanted;
        try {
            wanted = json.readTree(arguments);
        } catch (JsonProcessingException noJson) {
            return "Error: the arguments are no JSON";
        }
        String query = wanted.path("query").asText("");
        if (query.isBlank()) {
            return "Error: query is missing";
        }
        int limit = Math.clamp(wanted.path("limit").asLong(LIMIT), 1, LIMIT_MAX);
        List<Recollection> found;
        try {
            found = host.recall(turn, query, limit);
        } catch (RuntimeException broken) {
            return "Error: the memory cannot be searched now";
        }
        return found.isEmpty()
                ? "Nothing was found."
                : found.stream()
                        .map(each -> each.timestamp() + " " + each.role() + " (" + each.sessionKey() + "): "
                                + each.snippet())
                        .collect(Collectors.joining("\n"));
    }
}
