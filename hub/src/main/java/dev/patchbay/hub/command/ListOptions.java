package dev.patchbay.hub.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which piece of a long list. Filled in by picocli. */
final class ListOptions {
    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: the hub's, 100)")
    private @Nullable Integer limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "go on where the last list ended")
    private @Nullable String cursor;

    void addTo(ObjectNode params) {
        if (limit != null) {
            params.put("limit", limit);
        }
        if (cursor != null) {
            params.put("cursor", cursor);
        }
    }

    /** Says how to get the rest, if there is one. */
    static void tellOfMore(JsonNode list, CommandContext context) {
        String next = Fields.text(list, "next_cursor");
        if (!next.isEmpty()) {
            context.screen().note("There are more: --cursor " + next);
        }
    }
}
