package dev.patchbay.fakes.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.fakes.http.Body;
import dev.patchbay.fakes.http.Request;
import dev.patchbay.fakes.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a kind of server words the same answer. */
public enum Dialect {
    OPENAI("/chat/completions", "text/event-stream"),
    ANTHROPIC("/messages", "text/event-stream"),
    OLLAMA("/api/chat", "application/x-ndjson");

    private final String path;
    private final String type;

    Dialect(String path, String type) {
        this.path = path;
        this.type = type;
    }

    static Optional<Dialect> of(Request request) {
        for (Dialect each : values()) {
            if (request.method().equals("POST") && request.path().endsWith(each.path)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** The head of a streamed answer; what follows is the other's. */
    Response streamed(dev.patchbay.fakes.http.Takeover then) {
        return new Response(200, Map.of("Content-Type", type), Body.EMPTY, then);
    }

    /** What the server says before the first word. */
    List<String> start(String model) {
        return switch (this) {
            case OPENAI ->
                List.of(chunk(model, delta -> delta.put("role", "assistant").put("content", "")));
            case ANTHROPIC -> {
                ObjectNode start = Json.object().put("type", "message_start");
                start.putObject("message")
                        .put("id", "msg_1")
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", model)
                        .putObject("usage")
                        .put("input_tokens", 11)
                        .put("output_tokens", 1);
                ObjectNode block =
                        Json.object().put("type", "content_block_start").put("index", 0);
                block.putObject("content_block").put("type", "text").put("text", "");
                yield List.of(event(start), event(block));
            }
            case OLLAMA -> List.of();
        };
    }

    String word(String model, String word) {
        return switch (this) {
            case OPENAI -> chunk(model, delta -> delta.put("content", word));
            case ANTHROPIC -> {
                ObjectNode delta =
                        Json.object().put("type", "content_block_delta").put("index", 0);
                delta.putObject("delta").put("type", "text_delta").put("text", word);
                yield event(delta);
            }
            case OLLAMA -> {
                ObjectNode line = Json.object().put("model", model).put("done", false);
                line.putObject("message").put("role", "assistant").put("content", word);
                yield line + "\n";
            }
        };
    }

    /** The end, with the tools that are to be called, if there are any. */
    List<String> end(String model, List<ToolCall> calls, boolean withUsage, int words) {
        return switch (this) {
            case OPENAI -> openAiEnd(model, calls, withUsage, words);
            case ANTHROPIC -> anthropicEnd(calls, words);
            case OLLAMA -> ollamaEnd(model, calls, withUsage, words);
        };
    }

    private static List<String> openAiEnd(String model, List<ToolCall> calls, boolean withUsage, int words) {
        var events = new ArrayList<String>();
        for (int i = 0; i < calls.size(); i++) {
            int index = i;
            ToolCall call = calls.get(i);
            String arguments = call.arguments();
            int half = arguments.length() / 2;
            events.add(chunk(model, delta -> delta.putArray("tool_calls")
                    .addObject()
                    .put("index", index)
                    .put("id", "call_" + index)
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", arguments.substring(0, half))));
            events.add(chunk(model, delta -> delta.putArray("tool_calls")
                    .addObject()
                    .put("index", index)
                    .putObject("function")
                    .put("arguments", arguments.substring(half))));
        }
        ObjectNode last = chunkOf(model, delta -> {});
        ((ObjectNode) last.path("choices").get(0)).put("finish_reason", calls.isEmpty() ? "stop" : "tool_calls");
        events.add("data: " + last + "\n\n");
        if (withUsage) {
            ObjectNode usage = Json.object()
                    .put("id", "c1")
                    .put("object", "chat.completion.chunk")
                    .put("model", model);
            usage.putArray("choices");
            usage.putObject("usage")
                    .put("prompt_tokens", 11)
                    .put("completion_tokens", words)
                    .put("total_tokens", 11 + words);
            events.add("data: " + usage + "\n\n");
        }
        events.add("data: [DONE]\n\n");
        return events;
    }

    private static List<String> anthropicEnd(List<ToolCall> calls, int words) {
        var events = new ArrayList<String>();
        events.add(event(Json.object().put("type", "content_block_stop").put("index", 0)));
        for (int i = 0; i < calls.size(); i++) {
            ToolCall call = calls.get(i);
            ObjectNode block = Json.object().put("type", "content_block_start").put("index", i + 1);
            block.putObject("content_block")
                    .put("type", "tool_use")
                    .put("id", "toolu_" + i)
                    .put("name", call.name())
                    .putObject("input");
            ObjectNode delta = Json.object().put("type", "content_block_delta").put("index", i + 1);
            delta.putObject("delta").put("type", "input_json_delta").put("partial_json", call.arguments());
            events.add(event(block));
            events.add(event(delta));
            events.add(event(Json.object().put("type", "content_block_stop").put("index", i + 1)));
        }
        ObjectNode last = Json.object().put("type", "message_delta");
        last.putObject("delta").put("stop_reason", calls.isEmpty() ? "end_turn" : "tool_use");
        last.putObject("usage").put("output_tokens", words);
        events.add(event(last));
        events.add(event(Json.object().put("type", "message_stop")));
        return events;
    }

    private static List<String> ollamaEnd(String model, List<ToolCall> calls, boolean withUsage, int words) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < calls.size(); i++) {
            ObjectNode line = Json.object().put("model", model).put("done", false);
            ObjectNode function = line.putObject("message")
                    .put("role", "assistant")
                    .put("content", "")
                    .putArray("tool_calls")
                    .addObject()
                    .putObject("function");
            function.put("index", i).put("name", calls.get(i).name());
            function.set("arguments", Json.read(calls.get(i).arguments()));
            lines.add(line + "\n");
        }
        ObjectNode last = Json.object().put("model", model).put("done", true).put("done_reason", "stop");
        last.putObject("message").put("role", "assistant").put("content", "");
        if (withUsage) {
            last.put("prompt_eval_count", 11).put("eval_count", words);
        }
        lines.add(last + "\n");
        return lines;
    }

    private static String chunk(String model, java.util.function.Consumer<ObjectNode> delta) {
        return "data: " + chunkOf(model, delta) + "\n\n";
    }

    private static ObjectNode chunkOf(String model, java.util.function.Consumer<ObjectNode> delta) {
        ObjectNode chunk = Json.object()
                .put("id", "c1")
                .put("object", "chat.completion.chunk")
                .put("model", model);
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        delta.accept(choice.putObject("delta"));
        choice.putNull("finish_reason");
        return chunk;
    }

    private static String event(ObjectNode data) {
        return "event: " + data.path("type").asText() + "\ndata: " + data + "\n\n";
    }
}
